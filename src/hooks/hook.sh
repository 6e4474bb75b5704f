#!/bin/sh
# What git's hooks call: `sh hook.sh pre-commit`, `sh hook.sh pre-push <remote> <url>`. A start of
# Node takes longer than all else for a change of no concern, so names alone decide where they can:
# nothing in the change, and nothing that changed since the last check, is named in what that check
# kept (relevance/shell-closure.ts). Any doubt starts Node, which decides by itself. No text of the
# repository is run as a command.

guard_git() {
  GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=none GIT_TERMINAL_PROMPT=0 \
    GIT_NO_REPLACE_OBJECTS=1 LC_ALL=C \
    command git -c core.fsmonitor=false -c core.quotePath=true "$@"
}

# A command of git that prints raw lines; and a line of our own behind one that ended well, which
# `guard_matter` prints too. So its answer proves that all of them did their work.
guard_raw() {
  guard_git "$@" && echo :ok
}
guard_flags='--raw --no-abbrev --no-renames --no-ext-diff --no-relative --no-color'
guard_flags="$guard_flags --ignore-submodules=none"

# The lines that matter. Not their number: one that matters would stand for one of our own that a
# failure left out.
guard_matter() {
  LC_ALL=C GREP_OPTIONS='' command grep -Ef "$guard_store/hook-names"
}

guard_sum() {
  command cksum <"$guard_store/hook-names"
}

# Finds what the last check kept: its commit, and the sum of its names.
guard_find() {
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
  read -r guard_version guard_commit guard_kept <"$guard_store/hook" || return 1
  [ "$guard_version" = '@version@' ] || return 1
  case $guard_commit in '' | *[!0-9a-f]*) return 1 ;; esac
}

guard_staged() {
  # shellcheck disable=SC2086 # one word a flag
  guard_raw diff-index --cached $guard_flags --ita-invisible-in-index "$1" -- | guard_matter
}

guard_pre_commit() {
  guard_find || return 1
  # All three at the same time, so their answers come in any order.
  guard_said=$(
    guard_staged HEAD &
    guard_staged "$guard_commit" &
    guard_sum
    wait
  )
  guard_ok=':ok
'
  case $guard_said in
    "$guard_ok$guard_ok$guard_kept" | "$guard_ok$guard_kept
:ok" | "$guard_kept
${guard_ok}:ok") ;;
    *) return 1 ;;
  esac
}

# One branch, moved forward by commits of which none touches anything: neither against any of its
# parents, nor all together against the commit of the last check.
guard_pre_push() {
  case $guard_refs in
    *'
'*) return 1 ;;
  esac
  read -r guard_ref guard_new guard_theirs guard_old <<END
$guard_refs
END
  case $guard_ref in HEAD | refs/heads/*) ;; *) return 1 ;; esac
  case $guard_theirs in refs/heads/*) ;; *) return 1 ;; esac
  case $guard_new$guard_old in '' | *[!0-9a-f]*) return 1 ;; esac
  # All zeros: the branch is new or goes.
  case $guard_new in *[!0]*) ;; *) return 1 ;; esac
  case $guard_old in *[!0]*) ;; *) return 1 ;; esac
  guard_find || return 1
  # shellcheck disable=SC2086
  guard_said=$(
    guard_sum
    guard_git rev-list --count "$guard_new..$guard_old" --
    guard_raw rev-list "$guard_old..$guard_new" -- | {
      guard_git diff-tree --stdin -m -r --root --no-commit-id $guard_flags &&
        guard_raw diff-tree -r $guard_flags "$guard_commit" "$guard_new" --
    } | guard_matter
  )
  [ "$guard_said" = "$guard_kept
0
:ok
:ok" ]
}

if [ "$#" = 1 ] && [ "$1" = pre-commit ] && guard_pre_commit 2>/dev/null; then exit 0; fi
if [ "$#" = 3 ] && [ "$1" = pre-push ] && [ ! -t 0 ]; then
  guard_refs=$(cat)
  case " $2 $3" in
    *' -'*) ;;
    *) if guard_pre_push 2>/dev/null; then exit 0; fi ;;
  esac
  if [ -n "$guard_refs" ]; then printf '%s\n' "$guard_refs"; fi | node "${0%/*}/cli.js" "$@"
  exit "$?"
fi
exec node "${0%/*}/cli.js" "$@"
