import { html } from 'ghtml';
import type { ApiExample } from '../api-examples.ts';
import type { Answer, Field, Operation } from '../openapi-reader.ts';
import { breakable, prose } from './prose.ts';

/** Returns the section about one operation of the API. Links to it use its `operationId`. */
export function operationSection(operation: Operation, example?: ApiExample): string {
  const { methods, path, summary, caller, paragraphs, query, body, answers } = operation;
  return html`<section class="operation" id="${operationId(operation)}">
<h3>!${methods.map((method) => html`<span class="method ${method.toLowerCase()}">${method}</span> `)}<code>!${breakable(path)}</code></h3>
<p>!${prose(summary)}!${/[.!?]$/.test(summary) || summary === '' ? '' : '.'}</p>
!${paragraphs.map((paragraph) => html`<p>!${prose(paragraph)}</p>`)}
!${caller === '' ? '' : html`<p class="hint">Who may call: <a href="#callers">${caller}</a></p>`}
!${fieldTable('Query', query, forRequest)}
!${body.length > maxOpenFields ? folded('Body', body, operation) : fieldTable('Body', body, forRequest)}
!${example === undefined ? '' : examplePart(example)}
!${answers.map((answer) => answerPart(answer, operation))}
</section>`;
}

export function operationId({ methods, path }: Operation): string {
  return `${methods[0] ?? ''}${path}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** The remarks on a field: that requests must contain it, or that answers may lack it. */
const forRequest = ({ required }: Field): string => (required ? 'required' : '');
const forAnswer = ({ required }: Field): string => (required ? '' : 'not always');

/** If there are more fields than this, they are collapsed, so that the example stays in sight. */
const maxOpenFields = 10;

function folded(caption: string, fields: readonly Field[], { methods, path }: Operation): string {
  return html`<details class="answer">
<summary>${caption}: ${fields.length} fields<span class="unseen"> of ${methods[0]} ${path}</span></summary>
!${fieldTable(caption, fields, forRequest)}
</details>`;
}

function examplePart({ request, status, type, answer }: ApiExample): string {
  const told = [status, type].filter((each) => each !== '').join(' ');
  return html`<div class="example">
<pre><code>${request}</code></pre>
<p class="hint">Answers ${told}</p>
!${answer === '' ? '' : html`<pre><code>${answer}</code></pre>`}
</div>`;
}

function fieldTable(caption: string, fields: readonly Field[], noteOf: (field: Field) => string): string {
  if (fields.length === 0) return '';
  return html`<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>
!${fields.map((field) => fieldRow(field, noteOf(field)))}
</tbody>
</table>`;
}

function fieldRow({ name, type, description, constraints }: Field, note: string): string {
  return html`<tr>
<th scope="row"><code>!${breakable(name)}</code>!${note === '' ? '' : html` <span class="remark">${note}</span>`}</th>
<td>${type}</td>
<td>!${prose(description)}!${constraints.length === 0 ? '' : html` <span class="hint">!${prose(constraints.join(', '))}</span>`}</td>
</tr>
`;
}

/** Returns the part about an answer. It is collapsed, because most operations return the same long list of fields. */
function answerPart({ status, type, fields }: Answer, { methods, path }: Operation): string {
  const is = /^(?:empty )?object$/.test(type) ? `an ${type}` : type === 'list of objects' ? 'a list of objects' : type;
  if (fields.length === 0) return html`<p class="answer">Returns <b>${status}</b>${is === '' ? '' : `: ${is}`}</p>`;
  return html`<details class="answer">
<summary>Returns <b>${status}</b>: ${is}<span class="unseen"> of ${methods[0]} ${path}</span></summary>
!${fieldTable('Answer', fields, forAnswer)}
</details>`;
}
