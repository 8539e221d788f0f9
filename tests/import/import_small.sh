#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# import_small.sh PLENUM TOOL WORK: invented tables through the program, and every refusal.
plenum=$1
tool=$2
work=$3
rm -rf "$work"
mkdir -p "$work" || exit 1
here=$(dirname "$0")
. "$here/import_lib.sh"
t=$here/small

# Three sectors and an unused one; rows in another order than columns; an extra row.
imported published io --flows "$t/three_flows.csv" --output-column output
outputs "$t/three_output.csv" output
counted hours 100
reported 'balance error: 0, relative 0'
reported 'sectors without output: 1'
reported '"idle"'
reported 'negative cells: 0'
imported sums io --flows "$t/three_flows.csv" --skip-columns output
outputs "$t/three_output.csv" output
reported 'the tables state no output'
sed '1s/^sector//' "$t/three_flows.csv" >"$work/unnamed.csv"
imported unnamed io --flows "$work/unnamed.csv" --output-column output
outputs "$t/three_output.csv" output
imported total io --flows "$t/three_flows.csv"
reported 'column "output" is the sum of the others from "farm" to "abroad"'
printf 's,a,b,homes,all,abroad\na,1,2,4,7,3\nb,2,1,5,6,1\n' >"$work/totals.csv"
imported middle io --flows "$work/totals.csv"
reported 'column "all" is the sum of the others from "homes" to "abroad"'
printf 's,a,Total,b,y\na,1,3,2,7\nb,2,3,1,5\nTotal,3,6,3,12\n' >"$work/totals.csv"
imported nested io --flows "$work/totals.csv"
reported 'column "Total" is the sum of the others from "a" to "b"'
imported rest io --flows "$t/three_flows.csv" --output-column output --skip-columns homes,abroad
outputs "$t/three_output.csv" output
reported 'output less intermediate use was taken'
imported twice io --flows "$t/three_flows.csv" --output-column output \
	--demand "$t/three_final.csv:more"
outputs "$t/three_output.csv" more
reported 'three_final.csv: rows that name no sector were left out: "all"'
imported files io --flows "$t/three_flows.csv" --skip-columns homes,abroad,output \
	--final-demand "$t/three_final.csv:\"homes, all\",abroad" --output "$t/three_output.csv:output" \
	--extra "$t/three_smoke.csv:smoke" --limit hours=200
outputs "$t/three_output.csv" output
counted smoke 12
counted hours 100
reported 'three_smoke.csv: columns that name no sector were left out: "homes"'
grep -q '^hours,.*resource.*200' "$work/files/goods.csv" || fail "hours are not limited to 200"
grep -q '^smoke,.*free' "$work/files/goods.csv" || fail "smoke is not counted as free"

# Coefficients alone, and with outputs; the column's name holds a colon only in another table.
imported coefficients io --coefficients "$t/two_coefficients.csv" \
	--output "$t/two_demand.csv:output"
outputs "$t/two_demand.csv" output
counted work 200
sed 's/plan:a/plan/' "$t/two_demand.csv" >"$work/two:demand.csv"
imported colon io --coefficients "$t/two_coefficients.csv" --demand "$work/two:demand.csv:plan"
outputs "$t/two_demand.csv" output
reported 'spectral radius: 0.5'

# Make and use: joint production, a negative cell, an unused industry, an imported commodity.
imported oil sut --use "$t/oil_use.csv" --make "$t/oil_make.csv" --final-demand "$t/oil_final.csv" \
	--value-added "$t/oil_value_added.csv"
outputs "$t/oil_outputs.csv" activity
counted wages 50
reported 'negative cells: 1'
reported 'imported, made by nobody: 1'
reported 'imports:NAME): "tea"'
reported 'balance error of inputs and value added: 0, relative 0'
grep -q '^farm,scrap,makes,' "$work/oil/uses.csv" || fail "negative use of scrap is not made"
imported oil_rest sut --use "$t/oil_use.csv" --make "$t/oil_make.csv" --technology industry
head -5 "$t/oil_outputs.csv" >"$work/oil_four.csv"
outputs "$work/oil_four.csv" activity

# One table that holds final demand and value added too; both technologies.
for technology in industry commodity; do
	set -- --use "$t/milk_whole.csv" --make "$t/milk_make.csv" --technology $technology \
		--value-added "$t/milk_whole.csv:wages"
	imported milk_$technology sut "$@" --final-demand "$t/milk_whole.csv:homes,other" \
		--demand "$t/milk_whole.csv:homes" --unbalanced
	outputs "$t/milk_outputs.csv" homes
	counted wages 90
	reported 'but its output is'
done
imported milk_other sut "$@" --final-demand "$t/milk_whole.csv:homes,other" \
	--demand "$t/milk_whole.csv:other" --unbalanced
outputs "$t/milk_outputs.csv" other

# Every refusal, with its sentence.
table() { cat >"$work/table.csv"; }
io() {
	sentence=$1
	shift
	refused "$sentence" io --flows "$work/table.csv" "$@"
}
refused 'either --flows FILE or --coefficients' io --demand x:y
refused 'either --flows FILE or --coefficients' io --flows a.csv --coefficients b.csv
refused 'no such file' io --flows "$work/none.csv"
refused 'either --output or --output-column' io --flows "$t/three_flows.csv" --output-column output \
	--output "$t/three_output.csv:output"
refused 'write FILE:COLUMN' io --flows "$t/three_flows.csv" --demand "$work"
refused 'no column "outputs" (did you mean "output"?)' io --flows "$t/three_flows.csv" \
	--output-column outputs
refused 'no column "homs" (did you mean "homes"?)' io --flows "$t/three_flows.csv" \
	--skip-columns homs
refused '"homes" stands twice' io --flows "$t/three_flows.csv" --skip-columns homes,homes
refused 'write names with commas between' io --flows "$t/three_flows.csv" --skip-columns homes,
refused '2 columns could be meant' io --flows "$t/three_flows.csv" --output "$t/three_output.csv"
refused 'no extra row "hors" (did you mean "hours"?)' io --flows "$t/three_flows.csv" \
	--output-column output --limit hors=1
refused 'write ROW=AMOUNT' io --flows "$t/three_flows.csv" --output-column output --limit hours=many
refused 'write ROW=AMOUNT' io --flows "$t/three_flows.csv" --output-column output --limit hours=-1
refused 'no row for sector "farm"' io --flows "$t/three_flows.csv" --output "$t/two_demand.csv:output"
printf 'row,farm,mill,shop,idle\nhours,1,1,1,1\n' >"$work/table.csv"
refused 'two rows have the name "hours"' io --flows "$t/three_flows.csv" --output-column output \
	--extra "$work/table.csv"
refused 'outputs are neither stated' io --flows "$t/three_flows.csv" \
	--skip-columns homes,abroad,output --demand "$t/three_final.csv:more"
refused 'no final demand to plan for' io --coefficients "$t/two_coefficients.csv"
printf 'row,corn,iron\nsmoke,1,2\n' >"$work/one.csv"
refused 'give --output' io --coefficients "$t/two_coefficients.csv" --extra "$work/one.csv" \
	--demand "$work/two:demand.csv:plan"
cp -r "$work/sums" "$work/before"
"$plenum" import io --flows "$t/three_flows.csv" "$work/sums" >"$work/out" 2>"$work/err"
[ $? -eq 2 ] && [ ! -s "$work/out" ] && grep -q 'already holds economy.csv' "$work/err" ||
	fail "a folder that holds an economy is not refused: $(cat "$work/err")"
diff -r "$work/before" "$work/sums" || fail "a refused import changed the folder"

table <<'E'
s,a,b,y
a,1,2,7
b,2,,1
E
io 'row "b", column "b" is empty'
table <<'E'
s,a,b,y
a,1,2,7
b,2,x1,1
E
io 'b "x1" is not a number'
io '(row "b")'
table <<'E'
s,a,b,y
a,1,2,7
b,2,3,1
a,1,1,1
E
io 'row "a" stands on line 2 already'
table <<'E'
s,a,a,y
a,1,2,7
E
io '"a"'
table <<'E'
s,x,y
a,1,2
E
io 'no name heads both a row and a column'
table <<'E'
s,a,b,y,x
a,1,2,7,10
b,2,3,-5,0
E
io 'sector "b" uses inputs, but its output is 0' --output-column x
table <<'E'
s,a,b,y,x
a,5,2,3,10
b,6,9,-5,10
E
io 'spectral radius of the coefficients is 1' --output-column x
table <<'E'
s,a,b,y,x
a,1,2,7,10
b,2,3,5,12
E
io 'adds up to 10 (intermediate use and final demand), but its output is 12' --output-column x
imported unbalanced io --flows "$work/table.csv" --output-column x --unbalanced
reported 'adds up to 10'
reported 'balance error: 2 (b), relative 0.16666666666666666 (b)'
table <<'E'
s,a,b,y
a,0,0,0
b,0,0,0
E
io 'final demand is 0 everywhere'
table <<'E'
s,a,value-added,y
a,1,2,7
value-added,2,1,7
E
io 'a name that the import gives itself'
refused 'write industry or commodity' sut --use "$t/oil_use.csv" --make "$t/oil_make.csv" \
	--technology both
refused 'as many industries as commodities' sut --use "$t/oil_use.csv" --make "$t/oil_make.csv" \
	--technology commodity
refused 'industry "homes" uses inputs, but makes nothing' sut --use "$t/milk_whole.csv" \
	--make "$t/milk_make.csv"
table <<'E'
i,milk,meat
dairy,80,20
butcher,40,10
E
refused 'make the same mix of commodities' sut --use "$t/milk_whole.csv" --make "$work/table.csv" \
	--final-demand "$t/milk_whole.csv:homes,other" --demand "$t/milk_whole.csv:homes" --unbalanced \
	--value-added "$t/milk_whole.csv:wages" --technology commodity
table <<'E'
i,milk,meat
dairy,80,-20
butcher,0,10
E
refused 'of commodity "meat" adds up to nothing or less' sut --use "$t/milk_whole.csv" \
	--make "$work/table.csv" --final-demand "$t/milk_whole.csv:homes,other"

echo "$planned economies planned, $compared tables of $numbers numbers compared"
