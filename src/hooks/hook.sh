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
  guard_common=$guard_store
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

# Reads git's lines: which commits are pushed, and what the remote's refs are today.
guard_read() {
  guard_count=0 guard_tips='' guard_pairs='' guard_base=''
  while read -r guard_ref guard_new guard_theirs guard_old; do
    case $guard_new$guard_old in '' | *[!0-9a-f]*) return 1 ;; esac
    case ${#guard_new}-${#guard_old} in 40-40 | 64-64) ;; *) return 1 ;; esac
    # All zeros: the ref goes, whatever it is.
    case $guard_new in *[!0]*) ;; *) continue ;; esac
    case $guard_ref:$guard_theirs in
      HEAD:refs/heads/* | refs/heads/*:refs/heads/*) ;;
      HEAD:refs/tags/* | refs/heads/*:refs/tags/* | refs/tags/*:refs/tags/*)
        case $guard_old in *[!0]*) return 1 ;; esac
        ;;
      *) return 1 ;;
    esac
    guard_count=$((guard_count + 1))
    guard_tips="$guard_tips $guard_new"
    case $guard_old in *[!0]*) ;; *) continue ;; esac
    # The push may be forced.
    guard_tips="$guard_tips $guard_old"
    guard_base=^$guard_old
    guard_pairs="$guard_pairs$guard_new $guard_commit
$guard_old $guard_commit
"
  done <<END
$guard_refs
END
}

# Finds what needs no look: of one branch, what it was; of several, or a new one, what the remote's
# long-lived branches were when they were fetched. A topic branch may never have been checked.
guard_without() {
  guard_checked=$guard_base
  if [ "$guard_count" = 1 ] && [ -n "$guard_base" ]; then return; fi
  # The name of a remote. Where it has none, git names its URL twice.
  case $1 in "$2" | *[!0-9A-Za-z_.-]*) return 1 ;; esac
  guard_checked="--not --glob=refs/remotes/$1/mai[n] --glob=refs/remotes/$1/maste[r]"
  # Not of a branch that has this name.
  guard_line=''
  if [ -f "$guard_common/refs/remotes/$1/HEAD" ]; then
    read -r guard_line <"$guard_common/refs/remotes/$1/HEAD" || return 1
  fi
  case $guard_line in
    "ref: refs/remotes/$1/"*) guard_checked="$guard_checked --glob=refs/remotes/$1/HEA[D]" ;;
  esac
}

# Commits of which none touches anything: none against any of its parents, and none as a whole
# against the commit of the last check.
guard_pre_push() {
  # The pre-commit framework keeps the lines to itself.
  if [ -z "$guard_refs" ]; then
    [ -z "${PRE_COMMIT_REMOTE_BRANCH+set}" ]
    return
  fi
  guard_find && guard_read || return 1
  [ "$guard_count" != 0 ] || return 0
  guard_without "$@" || return 1
  # shellcheck disable=SC2086
  guard_said=$(
    guard_sum
    # A commit as it is comes first: git keeps another parent that it is given.
    {
      guard_git rev-list $guard_tips $guard_checked -- && printf '%s:ok\n' "$guard_pairs"
    } | command sed -e '/[: ]/b' -e p -e "s/\$/ $guard_commit/" |
      guard_raw diff-tree --stdin -m -r --root --no-commit-id $guard_flags | guard_matter
  )
  [ "$guard_said" = "$guard_kept
:ok
:ok" ]
}

if [ "$#" = 1 ] && [ "$1" = pre-commit ] && guard_pre_commit 2>/dev/null; then exit 0; fi
if [ "$#" = 3 ] && [ "$1" = pre-push ] && [ ! -t 0 ]; then
  guard_refs=$(cat)
  case " $2 $3" in
    *' -'*) ;;
    *) if guard_pre_push "$2" "$3" 2>/dev/null; then exit 0; fi ;;
  esac
  if [ -n "$guard_refs" ]; then printf '%s\n' "$guard_refs"; fi | node "${0%/*}/cli.js" "$@"
  exit "$?"
fi
exec node "${0%/*}/cli.js" "$@"
