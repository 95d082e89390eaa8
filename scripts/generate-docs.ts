import { writeFileSync } from 'node:fs';
import { apiExamples } from './api-examples.ts';
import { referencePages } from './reference-pages.ts';

for (const [name, text] of Object.entries(await referencePages())) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), text);
}

const examples = `${JSON.stringify(await apiExamples(), null, 2)}\n`;
writeFileSync(new URL('../src/panel/api-examples.json', import.meta.url), examples);
