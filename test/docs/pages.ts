import { globSync, readFileSync } from 'node:fs';

export const root = new URL('../..', import.meta.url);

export interface MarkdownPage {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
  /** Without blocks of code, in which nothing is a link. */
  readonly prose: string;
  /** What stands in code: whole blocks of `sh`, and spans within a line. */
  readonly code: readonly string[];
}

export const pages: readonly MarkdownPage[] = globSync(['*.md', 'docs/**/*.md', 'bench/*.md'], { cwd: root })
  .sort()
  .map((path) => {
    const text = readFileSync(new URL(path, root), 'utf8');
    const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
    return { path, text, prose, code: [...blocks, ...spans] };
  });

/** The anchors of a page, as GitHub makes them of headings. */
export function anchorsOf({ prose }: MarkdownPage): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    anchors.add(anchors.has(anchor) ? `${anchor}-1` : anchor);
  }
  return anchors;
}
