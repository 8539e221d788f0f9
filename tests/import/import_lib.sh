# SPDX-License-Identifier: AGPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# Sourced by the import tests: import a table, plan it, and compare with what is known.
# Needs $plenum, $tool, $work; counts in $planned, $compared.
planned=0
compared=0
numbers=0

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# imported NAME io|sut OPTIONS...: import into $work/NAME, plan it, and solve it once more
# without the planner.
imported() {
	name=$1
	shift
	rm -rf "${work:?}/$name" "$work/$name.plan" "$work/$name.ref"
	mkdir -p "$work/$name.ref"
	"$plenum" import "$@" "$work/$name" >"$work/$name.report" 2>"$work/$name.warnings" ||
		fail "import $* -> $name: $(cat "$work/$name.warnings")"
	"$tool" solve "$work/$name" "$work/$name.ref" || fail "solve $name"
	"$plenum" plan "$work/$name" --out "$work/$name.plan" >"$work/$name.log" 2>&1 ||
		fail "plan $name: $(cat "$work/$name.log")"
	planned=$((planned + 1))
}

# same WANT COLUMN TABLE COLUMN PREFIX [TOLERANCE]: the plan of the last import and its
# solution without the planner both agree with a table of what is known.
same() {
	for how in ref plan; do
		got=$("$tool" compare "$1" "$2" "$work/$name.$how/$3" "$4" "$5" "${6:-1e-8}") ||
			fail "$name.$how: $1 $2"
		numbers=$((numbers + ${got% *}))
	done
	compared=$((compared + 1))
}

outputs() { same "$1" "$2" councils.csv activity "${3:-}" "${4:-1e-8}"; }

# counted GOOD AMOUNT [TOLERANCE]: how much of an extra row the whole plan takes.
counted() {
	printf 'good,demand\n%s,%s\n' "$1" "$2" >"$work/counted.csv"
	same "$work/counted.csv" demand prices.csv demand "" "${3:-1e-8}"
}

# reported TEXT: the import printed it, or warned of it.
reported() {
	grep -q -- "$1" "$work/$name.report" "$work/$name.warnings" ||
		fail "$name does not report \"$1\": $(cat "$work/$name.report" "$work/$name.warnings")"
}

# refused TEXT io|sut OPTIONS...: exit 2, the sentence, nothing written.
refused() {
	text=$1
	shift
	rm -rf "$work/refused"
	"$plenum" import "$@" "$work/refused" >"$work/refused.out" 2>"$work/refused.err"
	code=$?
	[ $code -eq 2 ] || fail "import $*: exit $code, not 2"
	[ ! -e "$work/refused" ] || fail "import $*: refused, but something was written"
	[ ! -s "$work/refused.out" ] || fail "import $*: refused, but printed $(cat "$work/refused.out")"
	grep -q -- "$text" "$work/refused.err" ||
		fail "import $*: \"$text\" is not in: $(cat "$work/refused.err")"
}
