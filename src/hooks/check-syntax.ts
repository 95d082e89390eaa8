import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { SourceTextModule } from 'node:vm';

// Runs as a separate process on a file that could not be imported. The error of the failed import does not say where
// the syntax is wrong, but the error that ends this process does. The file itself is not executed.
const [file = ''] = process.argv.slice(2);
const source = readFileSync(file, 'utf8');
new SourceTextModule(file.endsWith('.ts') ? stripTypeScriptTypes(source) : source, { identifier: file });
