#!/bin/sh
# What git's hooks call: `sh hook.sh pre-commit`. Starting Node takes longer than all else for a
# commit of no concern, so names alone decide here where they can: nothing staged, and nothing that
# changed since the last check, is named in what that check kept (relevance/shell-closure.ts). Any
# doubt starts Node, which decides by itself. No text of the repository is run as a command.

# How many raw lines of the index against a commit matter. One line of our own, behind a git that
# ended well, proves that git and grep did their work.
guard_count() {
  {
    GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=none GIT_TERMINAL_PROMPT=0 \
      GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C command git -c core.fsmonitor=false -c core.quotePath=true \
      diff-index --cached --raw --no-abbrev --no-renames --no-ext-diff --no-relative --no-color \
      --ignore-submodules=none --ita-invisible-in-index "$1" -- && echo :ok
  } | LC_ALL=C GREP_OPTIONS='' command grep -cEf "$guard_store/hook-names"
}

guard_nothing_matters() {
  [ -z "${GIT_COMMON_DIR+set}${GIT_WORK_TREE+set}" ] || return 1
  if [ -z "${GIT_DIR+set}" ] && [ -d .git ]; then
    guard_own=.git guard_store=.git
  elif [ -f .git ] && read -r guard_store <"${GIT_DIR-}/commondir"; then
    # A linked worktree, of which git names the folder and, by its full path, the index.
    guard_own=$GIT_DIR
    case $guard_store in /*) ;; *) guard_store=$guard_own/$guard_store ;; esac
    case ${GIT_INDEX_FILE-/} in /*) ;; *) return 1 ;; esac
  else
    return 1
  fi
  for guard_name in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD rebase-merge rebase-apply \
    drizzle-guard-rebase-unfinished.json; do
    [ ! -e "$guard_own/$guard_name" ] || return 1
  done
  # Before MERGE_HEAD is there, git names the heads of a merge to its hooks.
  case $(set) in *GITHEAD_*) return 1 ;; esac
  [ ! -L "$guard_store/drizzle-guard" ] || return 1
  guard_store=$guard_store/drizzle-guard/store
  [ ! -L "$guard_store" ] || return 1
  read -r guard_version guard_commit guard_sum <"$guard_store/hook" || return 1
  [ "$guard_version" = '@version@' ] || return 1
  case $guard_commit in '' | *[!0-9a-f]*) return 1 ;; esac
  # All three at the same time, so their answers come in any order.
  guard_said=$(
    guard_count HEAD &
    guard_count "$guard_commit" &
    command cksum <"$guard_store/hook-names"
    wait
  )
  guard_one='1
'
  case $guard_said in
    "$guard_one$guard_one$guard_sum" | "$guard_one$guard_sum
1" | "$guard_sum
${guard_one}1") ;;
    *) return 1 ;;
  esac
}

if [ "$#" = 1 ] && [ "$1" = pre-commit ] && guard_nothing_matters 2>/dev/null; then exit 0; fi
exec node "${0%/*}/cli.js" "$@"
