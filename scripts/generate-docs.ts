import { writeFileSync } from 'node:fs';
import { referencePages } from './reference-pages.ts';

for (const [name, text] of Object.entries(await referencePages())) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
}
