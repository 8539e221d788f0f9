#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# explain_examples.sh PLENUM EXPLAIN_TOOL VALLEY WORK: every price of the valley and of made-up
# economies is the sum of its parts.
plenum=$1
explain_tool=$2
valley=$3
work=$4
rm -rf "$work"
mkdir -p "$work" || exit 1

# explained NAME FOLDER
explained() {
	"$plenum" plan "$2" --out "$work/$1.plan" --quiet || exit 1
	printf '%s: ' "$1"
	"$explain_tool" sums "$2" "$work/$1.plan" || exit 1
}

explained valley "$valley"
for kind in recipe mixed; do
	for seed in 1 2 3; do
		"$plenum" generate --quiet --kind $kind --workplaces 120 --goods 60 --consumers 30 \
			--seed $seed "$work/$kind$seed" || exit 1
		explained $kind$seed "$work/$kind$seed"
	done
done
