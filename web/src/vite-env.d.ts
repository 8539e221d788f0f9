// SPDX-License-Identifier: AGPL-3.0-or-later
declare module '*.po' {
  const words: Record<string, string>;
  export default words;
}
declare module '*.css';
declare module '*?raw' {
  const text: string;
  export default text;
}
