// SPDX-License-Identifier: AGPL-3.0-or-later
// demo.mjs - a real plenum demo or plenum serve, and people who come in by their links.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const started = [];
process.on('exit', () => started.forEach((child) => child.kill('SIGTERM')));

/* a demonstration in memory: how fast this computer's disk is, is no matter here */
const environment = existsSync('/dev/shm') ? { ...process.env, TMPDIR: '/dev/shm' } : process.env;

/** Begin a program and wait until a line of what it prints fits. @return all lines until then */
function begin(plenum, words, last) {
  const child = spawn(plenum, words, { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
  started.push(child);
  const said = [];
  return new Promise((good, bad) => {
    child.once('exit', (code) => bad(new Error(`plenum ${words[0]} ended with ${code}: ${said.join('\n')}`)));
    createInterface(child.stdout).on('line', (line) => {
      said.push(line);
      if (last.test(line)) good({ child, said });
    });
  });
}

/** The demonstration. @return its address, the links by who they are for, the process */
export async function demo(plenum) {
  const { child, said } = await begin(plenum, ['demo', '--port', '0', '--no-browser'], /^Ctrl-C/);
  const links = {};
  for (const line of said) {
    const [, who, link] = /^ {2}an? (\w+)\s+(http\S+)$/.exec(line) ?? [];
    if (who !== undefined) links[who] = link;
  }
  const [base] = links.worker.split('/j/');
  return { base, links, child };
}

export async function serve(plenum, file, port = 0, more = []) {
  const { child, said } = await begin(plenum, ['serve', file, '--port', String(port), '--rate', '0', ...more], /^http/);
  return { base: said[0].replace(/\/$/, ''), child };
}

/** End a server and wait for it. */
export function stop({ child }) {
  return new Promise((good) => {
    child.removeAllListeners('exit');
    child.once('exit', good);
    child.kill('SIGTERM');
  });
}

/** Somebody who follows their link and goes on to the app. */
export async function come(link, options = {}) {
  const { open } = await import('./browser.mjs'); // begins a browser, which not every test needs
  const who = await open(link, options);
  await who.page.getByRole('button', { name: 'Log in' }).click();
  await who.page.getByRole('link', { name: 'The member app' }).click();
  await who.page.getByRole('heading', { level: 1 }).waitFor();
  /* the picture that browsers ask every server for, at the plain pages */
  const others = who.complaints.filter((said) => !said.includes('status of 404'));
  who.complaints.splice(0, who.complaints.length, ...others);
  return who;
}
