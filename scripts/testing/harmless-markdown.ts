/**
 * Markdown read as GitHub reads it, by a parser of its Markdown and its HTML as a browser's: does anything of others in it
 * become markup, mention anybody, or lead anywhere?
 */
import assert from 'node:assert/strict';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

/** The HTML as GitHub has it before it makes mentions and references of the text outside code. */
export const htmlOf = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

/** Elements GitHub's Markdown makes of texts of ours, and no others. */
const OURS =
  /^(a|h3|p|strong|code|sub|br|table|thead|tbody|tr|th|td|details|summary|ul|li|#text|#comment|#document-fragment)$/;

interface Found {
  readonly outside: string;
  readonly comments: readonly string[];
  readonly links: readonly string[];
}

function inspect(node: Node, insideCode = false): Found {
  const nothing: Found = { outside: '', comments: [], links: [] };
  assert.match(node.nodeName, OURS);
  if (node.nodeName === '#comment')
    return { ...nothing, comments: [(node as DefaultTreeAdapterTypes.CommentNode).data] };
  if (node.nodeName === '#text')
    return { ...nothing, outside: insideCode ? '' : (node as DefaultTreeAdapterTypes.TextNode).value };
  const attributes = 'attrs' in node ? node.attrs.filter(({ name }) => name !== 'align') : [];
  const links = node.nodeName === 'a' ? attributes.filter(({ name }) => name === 'href') : [];
  assert.deepEqual(
    attributes.filter((attribute) => !links.includes(attribute)),
    [],
    'no attribute of theirs',
  );
  const inner =
    'childNodes' in node ? node.childNodes.map((child) => inspect(child, insideCode || node.nodeName === 'code')) : [];
  return {
    outside: inner.map(({ outside }) => outside).join(' '),
    comments: inner.flatMap(({ comments }) => comments),
    links: [...links.map(({ value }) => value), ...inner.flatMap((each) => each.links)],
  };
}

/** @param expected hidden comments of ours, as they stand between the marks, and where its links lead */
export function assertHarmless(
  markdown: string,
  expected: { readonly comments?: readonly string[]; readonly links?: readonly string[] } = {},
): void {
  const { outside, comments, links } = inspect(parseFragment(htmlOf(markdown)));
  assert.doesNotMatch(outside, /@/, 'mentions nobody');
  assert.doesNotMatch(outside, /#\d|GH-\d/, 'refers to nothing');
  assert.doesNotMatch(outside, /:\/\/|www\./i, 'no address');
  assert.doesNotMatch(
    outside,
    /<|\$|\p{Cc}(?<![\n])|[\u202a-\u202e\u2066-\u2069\u200b]/u,
    'nothing of theirs outside code that could be read otherwise',
  );
  assert.deepEqual(comments, expected.comments ?? []);
  assert.deepEqual(links, expected.links ?? []);
}
