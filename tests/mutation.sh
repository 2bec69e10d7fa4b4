#!/usr/bin/env bash
# Breaks the runtime on purpose, one small breakage at a time, and shows that the tests notice each.
#
#     tests/mutation.sh                    all breakages
#     tests/mutation.sh --only 'token'     those whose description matches a regular expression
#     tests/mutation.sh --list             their descriptions, one a line
#
# What is committed is broken, in a copy; nothing changes here. The copy is built in target/mutation (or in
# $MUTATION_TARGET_DIR), which is kept, so that only the first run builds everything.
set -uo pipefail

repository=$(git -C "$(dirname "${BASH_SOURCE[0]}")" rev-parse --show-toplevel)
target=${MUTATION_TARGET_DIR:-$repository/target/mutation}
# A test that hangs has noticed, too.
patience=300

titles=() tests=() edits=()

# breakage TITLE TESTS (FILE FIND REPLACE)...
#
# TESTS are names, or parts of names, of the tests that should notice: of the crate's own where they begin with `unit:`,
# of the attacks or the simulation with `attacks:` or `simulation:`, else of the integration tests. FIND must occur once
# in FILE, which lies in simplenet/src.
breakage() {
    titles+=("$1") tests+=("$2")
    shift 2
    edits+=("$(printf '%s\x1f' "$@")")
}

source "$repository/tests/mutations/breakages.sh"

only=.
case ${1:-} in
    '') ;;
    --list) printf '%s\n' "${titles[@]}"; exit ;;
    --only) only=${2:?--only needs a regular expression} ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

scratch=$(mktemp -d)
copy=$scratch/copy
trap 'git -C "$repository" worktree remove --force "$copy" 2>/dev/null; rm -rf "$scratch"' EXIT
git -C "$repository" worktree add --quiet --detach "$copy" HEAD || exit 2
cd "$copy" || exit 2
export CARGO_TARGET_DIR=$target CARGO_PROFILE_DEV_DEBUG=0 CARGO_TERM_COLOR=never RUST_BACKTRACE=0

kinds="unit integration attacks simulation"

# Arguments of cargo for tests of one kind; their names follow.
suite() {
    case $1 in
        unit) echo "-p simplenet --features client,server --lib" ;;
        *) echo "-p simplenet-tests --test $1" ;;
    esac
}

# The names in TESTS that are of one kind.
names() {
    for name in $2; do
        case $name in
            unit:* | attacks:* | simulation:*) ;;
            *) name=integration:$name ;;
        esac
        [[ $name != "$1":* ]] || echo "${name#*:}"
    done
}

# Runs TESTS; the output goes to the log. Fails with 1 where one of them fails, with 2 where nothing can be run.
run() {
    local failed=0 kind
    : > "$scratch/log"
    for kind in $kinds; do
        local selected
        selected=$(names "$kind" "$1")
        [ -n "$selected" ] || continue
        # shellcheck disable=SC2046,SC2086
        cargo test --quiet $(suite $kind) --no-run >> "$scratch/log" 2>&1 || return 2
        # shellcheck disable=SC2046,SC2086
        timeout "$patience" cargo test $(suite $kind) -- $selected >> "$scratch/log" 2>&1
        case $? in
            0) ;;
            124) echo "test (hung) ... FAILED" >> "$scratch/log"; failed=1 ;;
            *) failed=1 ;;
        esac
    done
    grep -q '^running [1-9]' "$scratch/log" || return 2
    return $failed
}

# Replaces the one occurrence of FIND in FILE by REPLACE.
replace() {
    FIND=$2 REPLACE=$3 perl -0777 -i -pe '
        my $count = () = /\Q$ENV{FIND}\E/g;
        die "occurs $count times\n" if $count != 1;
        s/\Q$ENV{FIND}\E/$ENV{REPLACE}/;
    ' "simplenet/src/$1"
}

# Breaks the copy in the one way of breakage INDEX.
apply() {
    local edit at
    git checkout --quiet -- simplenet
    mapfile -d $'\x1f' -t edit < <(printf '%s' "${edits[$1]}")
    for ((at = 0; at < ${#edit[@]}; at += 3)); do
        if ! replace "${edit[at]}" "${edit[at + 1]}" "${edit[at + 2]}"; then
            echo "${titles[$1]}: the place to break is not in ${edit[at]} any more"
            exit 2
        fi
    done
}

selected=()
for index in "${!titles[@]}"; do
    [[ ${titles[index]} =~ $only ]] && selected+=("$index")
done
[ ${#selected[@]} -gt 0 ] || { echo "no breakage matches"; exit 2; }

# All of them before the first takes its time.
for index in "${selected[@]}"; do apply "$index"; done
git checkout --quiet -- simplenet

echo "unbroken ..." >&2
if ! run "$(for index in "${selected[@]}"; do echo "${tests[index]}"; done | tr ' ' '\n' | sort -u)"; then
    cat "$scratch/log"
    echo "the tests must pass before anything is broken"
    exit 2
fi
for index in "${selected[@]}"; do
    for name in $(for kind in $kinds; do names "$kind" "${tests[index]}"; done); do
        grep -q "^test .*$name.* ok\$" "$scratch/log" ||
            { echo "${titles[index]}: there is no test $name any more"; exit 2; }
    done
done

table=() survived=0
for index in "${selected[@]}"; do
    echo "$((index + 1))/${#titles[@]} ${titles[index]} ..." >&2
    apply "$index"
    run "${tests[index]}"
    case $? in
        0) verdict="SURVIVED" survived=1 ;;
        1) verdict=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$scratch/log" | sort -u |
            awk 'NR == 1 { first = $0 } END { print first (NR > 1 ? " and " NR - 1 " more" : "") }') ;;
        2) cat "$scratch/log"; echo "${titles[index]}: does not compile, or runs no test"; exit 2 ;;
    esac
    echo "    $verdict" >&2
    table+=("$(printf '%-78s -> %s' "${titles[index]}" "$verdict")")
done

printf '%s\n' "${table[@]}"
exit $survived
