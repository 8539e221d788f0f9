// SPDX-License-Identifier: AGPL-3.0-or-later
// Where one is: #/screen/number/number?name=value. It stands behind the # so that the server
// needs one page for all, below any path, and never learns who looks at what.
export interface Route {
  screen: string;
  numbers: number[];
  query: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen = '', ...numbers] = path.split('/');
  return { screen, numbers: numbers.map(Number), query: new URLSearchParams(query) };
}

let route = $state.raw(parse(location.hash));
addEventListener('hashchange', () => {
  route = parse(location.hash);
});

export function here(): Route {
  return route;
}

/** Change parts of the query; without a step in the browser's history. */
export function setQuery(changes: Record<string, string>): void {
  const query = new URLSearchParams(route.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const path = location.hash.split('?')[0] ?? '';
  history.replaceState(null, '', query.size > 0 ? `${path}?${query}` : path);
  route = parse(location.hash);
}
