// SPDX-License-Identifier: AGPL-3.0-or-later
// The economies whose reports are looked at. make() plans one and tells where its report is, or
// why it is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function run(plenum, words, codes) {
  const done = spawnSync(plenum, words, { encoding: 'utf8' });
  if (!codes.includes(done.status)) {
    throw new Error(`plenum ${words.join(' ')}: ${done.status} ${done.stderr}`);
  }
}

function begin(work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
}

function plan({ plenum, work }, folder, codes = [0]) {
  const out = path.join(work, 'plan');
  run(plenum, ['plan', folder, '--quiet', '--out', out], codes);
  return { report: path.join(out, 'report.html') };
}

function example(name, codes) {
  return (where) => {
    begin(where.work);
    return plan(where, path.join(where.source, 'examples', name), codes);
  };
}

function national(where) {
  const table = path.join(process.env.PLENUM_DATA ?? '', 'us_bea_2017_summary71');
  if (!process.env.PLENUM_DATA || !existsSync(table)) {
    return { skip: 'PLENUM_DATA names no folder with national tables' };
  }
  begin(where.work);
  const folder = path.join(where.work, 'economy');
  const words = nationalOptions(table);
  run(where.plenum, ['import', ...words, folder], [0]);
  return plan(where, folder);
}

function nationalOptions(table) {
  return ['sut', '--use', path.join(table, 'use.csv'), '--make', path.join(table, 'make.csv'),
    '--value-added', path.join(table, 'value_added.csv'),
    '--final-demand', path.join(table, 'final_demand.csv')];
}

function generated(where) {
  begin(where.work);
  const folder = path.join(where.work, 'economy');
  run(where.plenum, ['generate', '--kind', 'mixed', '--workplaces', '60', '--goods', '40',
    '--consumers', '12', '--seed', '7', folder], [0]);
  return plan(where, folder);
}

// Text that would break out of a careless page, reverse its lines or burst its columns.
const PAYLOADS = [
  '<script>alert(1)</script>',
  '"onload="alert(2)',
  "'><img src=x onerror=alert(3)>",
  ']]><!-- --></style></title></svg><b>',
  '\u202egnp.exe\u2066 left\u2069 to right',
  `z${'\u0301\u0323\u0350'.repeat(40)}algo`,
  'A name that goes on and on, '.repeat(60),
  'W'.repeat(2000),
  '面包和黄油的邻里委员会'.repeat(20),
  '&amp;lt;&#60;b&#62;',
  'مخبز الحي الجنوبي',
  '%s%n %d {{7*7}} ${7*7}',
];
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

function hostile(where) {
  begin(where.work);
  const folder = path.join(where.work, 'economy');
  mkdirSync(folder);
  const put = (file, rows) => writeFileSync(path.join(folder, file), `${rows.join('\n')}\n`);
  const cell = (i) => quoted(PAYLOADS[i % PAYLOADS.length]);
  put('economy.csv', ['key,value', `name,${cell(0)}`, `period,${cell(1)}`, `credit,${cell(2)}`]);
  put('communities.csv', ['community,name,parent', `all,${cell(3)},`,
    ...PAYLOADS.map((_, i) => `c${i},${cell(i)},all`)]);
  put('goods.csv', ['good,name,kind,unit,category,supply', `work,${cell(5)},labour,${cell(6)},${cell(0)},1000`,
    ...PAYLOADS.map((_, i) => `g${i},${cell(i)},product,${cell(i + 1)},${cell(i + 2)},`)]);
  put('councils.csv', ['council,name,kind,community,schedule,income',
    ...PAYLOADS.map((_, i) => `w${i},${cell(i)},workers,,recipe,`),
    ...PAYLOADS.map((_, i) => `p${i},${cell(i)},consumers,c${i},budget_cd,${100 + i}`)]);
  put('uses.csv', ['council,good,role,amount',
    ...PAYLOADS.flatMap((_, i) => [`w${i},g${i},makes,1`, `w${i},work,uses,${1 + i}`,
      ...(i > 0 ? [`w${i},g${i - 1},uses,0.1`] : [])]),
    ...PAYLOADS.flatMap((_, i) => [0, 1, 2].map((k) => `p${i},g${(i + k) % PAYLOADS.length},wants,${k + 1}`))]);
  return plan(where, folder);
}

export const economies = {
  valley: { make: example('valley', [0]), bytes: 300000, says: ['Canteen meals'] },
  infeasible: { make: example('island-all-refuse', [1]), bytes: 300000, says: ['Why no plan fits'] },
  national: { make: national, bytes: 400000, says: ['others'] },
  generated: { make: generated, bytes: 400000, says: ['workplaces'] },
  hostile: { make: hostile, bytes: 400000, says: ['<script>alert(1)</script>', '"onload="alert(2)'] },
};
