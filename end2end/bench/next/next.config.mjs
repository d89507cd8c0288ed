import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The packages lie one folder up.
export default { turbopack: { root: join(dirname(fileURLToPath(import.meta.url)), '..') }, poweredByHeader: false };
