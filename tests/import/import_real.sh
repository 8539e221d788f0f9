#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# import_real.sh PLENUM TOOL WORK: every table under $PLENUM_DATA is imported with the options
# that its README makes necessary and planned; the plan reproduces the outputs that the table's
# expected/ folder holds. Exit 77 (skipped) where there is no data.
plenum=$1
tool=$2
work=$3
data=${PLENUM_DATA:-}
if [ -z "$data" ] || [ ! -d "$data/wiod_2014" ]; then
	echo "PLENUM_DATA names no folder of national tables: skipped"
	exit 77
fi
rm -rf "$work"
mkdir -p "$work" || exit 1
. "$(dirname "$0")/import_lib.sh"

# Miller and Blair's two sectors: balanced, another final demand, and coefficients alone.
d=$data/miller_blair_examples
imported mb2_published io --flows "$d/mb2_Z_f_x.csv" --output-column output
outputs "$d/mb2_Z_f_x.csv" output
reported 'balance error: 0'
imported mb2_balanced io --flows "$d/mb2_Z_f_x.csv" --output-column output \
	--skip-columns final_demand
outputs "$d/mb2_Z_f_x.csv" output
for table in "--flows $d/mb2_Z_f_x.csv --output-column output" "--coefficients $d/mb2_A.csv"; do
	# shellcheck disable=SC2086
	imported mb2_600_1500 io $table \
		--demand "$d/expected/mb2_output_for_f_600_1500.csv:final_demand"
	outputs "$d/expected/mb2_output_for_f_600_1500.csv" output
done

# Germany 1995: six sectors with employment and emissions.
d=$data/eu_de1995_manual6
set -- --flows "$d/Z.csv" --output "$d/x.csv" --extra "$d/air_emissions.csv" \
	--extra "$d/other_rows.csv:employment_domestic_total"
imported de1995_published io --final-demand "$d/Y.csv" "$@"
outputs "$d/x.csv" output
counted CO2 687020
reported 'households_direct'
imported de1995_balanced io "$@"
outputs "$d/x.csv" output
for column in final_consumption_households final_consumption_government \
	gross_capital_formation inventory_change exports; do
	awk -F, -v c=$column 'NR == 1 { for (i = 2; i <= NF; i++) if ($i == c) k = i; print "good,demand" }
		NR > 1 { print $1 "," $k }' "$d/expected/emissions_by_final_demand.csv" >"$work/want.csv"
	imported "de1995_$column" io --demand "$d/Y.csv:$column" "$@"
	same "$work/want.csv" demand prices.csv demand ""
done

# Spain 2022: coefficients, no outputs, two empty sectors.
d=$data/es_ine_2022_65
imported es2022 io --coefficients "$d/A.csv" \
	--demand "$d/expected/output_from_final_use.csv:consumption_plus_gcf_EURm"
outputs "$d/expected/output_from_final_use.csv" required_output_EURm
imported es2022_published io --coefficients "$d/A.csv" \
	--final-demand "$d/final_use_EURm.csv:final_consumption_expenditure_incl_govt,gross_capital_formation"
outputs "$d/expected/output_from_final_use.csv" required_output_EURm
imported es2022_balanced io --coefficients "$d/A.csv" \
	--output "$d/expected/output_from_final_use.csv:required_output_EURm"
outputs "$d/expected/output_from_final_use.csv" required_output_EURm

# Six regions of eight sectors: rows balance by construction, columns do not.
d=$data/pymrio_test_6x8
set -- --flows "$d/Z.csv" --extra "$d/emissions.csv" --value-added "$d/factor_input.csv"
total() { awk -F, -v r="$1" '$1 == r { for (i = 2; i <= NF; i++) s += $i; printf "%.17g", s }' "$2"; }
for how in published balanced; do
	if [ $how = published ]; then
		imported pymrio_published io "$@" --final-demand "$d/Y.csv"
	else
		imported pymrio_balanced io "$@" --output "$d/expected/output.csv:x"
	fi
	outputs "$d/expected/output.csv" x
	for row in emission_type1.air emission_type2.water; do
		counted $row "$(total $row "$d/emissions.csv")"
	done
	reported 'relative 0.99639973'
done

# Economies of WIOD: domestic flows, an output column, sectors without output.
# With sanitizers, of the first two.
countries=$(ls "$data"/wiod_2014/*_domestic.csv)
[ -n "${PLENUM_FEW-}" ] && [ -z "${PLENUM_LONG-}" ] && countries=$(echo "$countries" | head -n 2)
for table in $countries; do
	country=$(basename "$table" _domestic.csv)
	want=$data/wiod_2014/expected/${country}_multipliers.csv
	imports=$data/wiod_2014/${country}_imports_va_go.csv
	imported "wiod_$country" io --flows "$table" --output-column GO --extra "$imports:imported_intermediates"
	# To the table's own balance error: ten digits of rows that hold large numbers of both signs.
	outputs "$want" output_USDm "" 1e-7
	counted imported_intermediates "$(total imported_intermediates "$imports")" 1e-7
	imported "wiod_${country}_balanced" io --flows "$table" --output-column GO \
		--skip-columns CONS_h,CONS_np,CONS_g,GFCF,INVEN,EXP
	outputs "$want" output_USDm
	imported "wiod_${country}_demand" io --flows "$table" --output-column GO \
		--demand "$want:final_demand_USDm"
	outputs "$want" output_USDm
	jobs=$data/wiod_2014/expected/${country}_employment.csv
	[ -f "$jobs" ] || continue
	awk -F, 'NR > 1 { head = head "," $1; row = row "," $2; sum += $2 }
		END { print "row" head; print "jobs" row; printf "%.17g\n", sum > "/dev/stderr" }' \
		"$jobs" >"$work/jobs.csv" 2>"$work/jobs.sum"
	imported "wiod_${country}_jobs" io --flows "$table" --output-column GO --extra "$work/jobs.csv"
	counted jobs "$(cat "$work/jobs.sum")" 1e-7
done

# United States: make and use tables, joint production, negative cells.
for year in 2023 2017; do
	d=$data/us_bea_${year}_summary71
	set -- --use "$d/use.csv" --make "$d/make.csv" --value-added "$d/value_added.csv"
	for y in y_balanced y_pce_only y_balanced_plus10pct_pce y_balanced_plus25pct_health \
		y_balanced_clipped_nonneg; do
		imported us${year}_$y sut "$@" --demand "$d/expected/final_demand_scenarios.csv:$y"
		outputs "$d/expected/commodity_output_scenarios.csv" $y pool:
		outputs "$d/expected/industry_output_scenarios.csv" $y
		counted V001 "$(awk -F, -v y=$y '$1 == y { print $2 }' "$d/expected/compensation_scenarios.csv")"
	done
	refused 'as many industries as commodities' sut "$@" --technology commodity
	imported us${year}_rest sut "$@"
	outputs "$d/expected/industry_output_scenarios.csv" y_balanced
	# As published: outputs to the table's own balance error, some 8 million of 48 trillion,
	# so the small rows Used and Other are off by 0.2 %.
	imported us${year}_published sut "$@" --final-demand "$d/final_demand.csv"
	outputs "$d/expected/industry_output_scenarios.csv" y_balanced "" 1e-3
	reported "negative cells: 6"
done
d=$data/us_bea_2023_sector15
set -- --use "$d/use.csv" --make "$d/make.csv" --value-added "$d/value_added.csv"
imported us2023_15 sut "$@" \
	--demand "$d/expected/balanced_final_demand_and_output.csv:final_demand"
outputs "$d/expected/balanced_final_demand_and_output.csv" commodity_output pool:
imported us2023_15_balanced sut "$@"
outputs "$d/expected/balanced_final_demand_and_output.csv" commodity_output pool:
imported us2023_15_published sut "$@" --final-demand "$d/final_demand.csv"
outputs "$d/expected/balanced_final_demand_and_output.csv" commodity_output pool: 1e-2

echo "$planned economies planned, $compared tables of $numbers numbers compared"
