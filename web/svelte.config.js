// SPDX-License-Identifier: AGPL-3.0-or-later
// For svelte-check; vite.config.mjs says the same to the build.
export default { compilerOptions: { runes: true } };
