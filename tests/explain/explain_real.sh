#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# explain_real.sh PLENUM IMPORT_TOOL EXPLAIN_TOOL WORK: national tables under $PLENUM_DATA are
# imported, planned and explained; every price is the sum of its parts, and what one unit of each
# product takes in all agrees with the multipliers that the table's expected/ folder holds. Exit
# 77 (skipped) where there is no data.
plenum=$1
import_tool=$2
explain_tool=$3
work=$4
data=${PLENUM_DATA:-}
if [ -z "$data" ] || [ ! -d "$data/wiod_2014" ]; then
	echo "PLENUM_DATA names no folder of national tables: skipped"
	exit 77
fi
rm -rf "$work"
mkdir -p "$work" || exit 1
tables=0

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# explained NAME io|sut OPTIONS...: import, plan, and check the parts of every price.
explained() {
	name=$1
	shift
	"$plenum" import "$@" "$work/$name" >/dev/null 2>&1 || fail "import $name"
	"$plenum" plan "$work/$name" --out "$work/$name.plan" --quiet || fail "plan $name"
	printf '%s: ' "$name"
	"$explain_tool" sums "$work/$name" "$work/$name.plan" || fail "sums of $name"
	tables=$((tables + 1))
}

# content GOOD WANT COLUMN [TOLERANCE]: what each product takes of GOOD, as known.
content() {
	"$explain_tool" content "$work/$name" "$work/$name.plan" "$1" "$work/content.csv" ||
		fail "content of $name"
	got=$("$import_tool" compare "$2" "$3" "$work/content.csv" content "" "${4:-1e-12}") ||
		fail "$name: $1 $3"
	echo "  $3: ${got% *} products, off by ${got#* }"
}

d=$data/miller_blair_examples
explained mb2 io --flows "$d/mb2_Z_f_x.csv" --output-column output
for sector in $(awk -F, 'NR > 1 { print $1 }' "$d/mb2_A.csv"); do
	awk -F, -v s="$sector" 'NR == 1 { for (i = 2; i <= NF; i++) name[i] = $i; print "good,want" }
		$1 == s { for (i = 2; i <= NF; i++) print name[i] "," $i }' \
		"$d/expected/mb2_leontief.csv" >"$work/row.csv"
	content "$sector" "$work/row.csv" want
done

# Germany 1995: output, value added, employment, emissions.
d=$data/eu_de1995_manual6
explained de1995 io --flows "$d/Z.csv" --output "$d/x.csv" --final-demand "$d/Y.csv" \
	--extra "$d/air_emissions.csv" --extra "$d/other_rows.csv:employment_domestic_total,gva"
want=$d/expected/multipliers.csv
content + "$want" output_multiplier
content gva "$want" gva_multiplier_computed
content employment_domestic_total "$want" employment_multiplier_computed
for row in CO2 CH4 N2O SO2 NOx CO NMVOC Dust Total; do
	content $row "$want" ${row}_multiplier
done

# Spain 2022, with a demand for each product: where final demand gives some of a product back,
# makers supply a part of it alone.
d=$data/es_ine_2022_65
awk -F, 'NR == 1 { print "product,demand" } NR > 1 { print $1 ",100" }' \
	"$d/expected/multipliers.csv" >"$work/hundred.csv"
explained es2022 io --coefficients "$d/A.csv" --demand "$work/hundred.csv:demand"
content + "$d/expected/multipliers.csv" output_multiplier

# Six regions of eight sectors whose columns exceed their outputs: value added may be made.
d=$data/pymrio_test_6x8
explained pymrio io --flows "$d/Z.csv" --extra "$d/emissions.csv" --final-demand "$d/Y.csv"
for row in emission_type1.air emission_type2.water; do
	awk -F, -v r=$row 'NR == 1 { for (i = 2; i <= NF; i++) name[i] = $i; print "good,want" }
		$1 == r { for (i = 2; i <= NF; i++) print name[i] "," $i }' \
		"$d/expected/emission_multipliers_M.csv" >"$work/row.csv"
	content $row "$work/row.csv" want
done

# Economies of WIOD: jobs and hours where they are known, to the ten digits of the tables.
# With sanitizers, of the first two.
countries=$(ls "$data"/wiod_2014/expected/*_multipliers.csv)
[ -n "${PLENUM_FEW-}" ] && [ -z "${PLENUM_LONG-}" ] && countries=$(echo "$countries" | head -n 2)
for want in $countries; do
	country=$(basename "$want" _multipliers.csv)
	jobs=$data/wiod_2014/expected/${country}_employment.csv
	set -- --flows "$data/wiod_2014/${country}_domestic.csv" --output-column GO
	if [ -f "$jobs" ]; then
		awk -F, 'NR > 1 { head = head "," $1; row = row "," $2; hours = hours "," $3 }
			END { print "row" head; print "jobs" row; print "hours" hours }' \
			"$jobs" >"$work/jobs.csv"
		set -- "$@" --extra "$work/jobs.csv"
	fi
	awk -F, 'NR == 1 { print "code,demand" } NR > 1 { print $1 "," ($3 > 0 ? 100 : 0) }' \
		"$want" >"$work/hundred.csv"
	explained "wiod_$country" io "$@" --demand "$work/hundred.csv:demand"
	awk -F, 'NR == 1 || $3 > 0' "$want" >"$work/want.csv"
	content + "$work/want.csv" output_multiplier 1e-9
	[ -f "$jobs" ] || continue
	awk -F, 'NR == 1 || $2 > 0' "$jobs" >"$work/want.csv"
	content jobs "$work/want.csv" employment_multiplier_per_USDm 1e-9
	content hours "$work/want.csv" hours_multiplier_million_per_USDm 1e-9
done

# United States: joint production. What industries make beside their own commodity, and what
# final demand gives back, belongs to each commodity's mix here and not in the multipliers.
for year in 2023 2017; do
	d=$data/us_bea_${year}_summary71
	explained us$year sut --use "$d/use.csv" --make "$d/make.csv" \
		--value-added "$d/value_added.csv" \
		--demand "$d/expected/final_demand_scenarios.csv:y_balanced"
done
echo "$tables tables explained"
