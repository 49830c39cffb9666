/**
 * Pages of a list: 30 items unless asked, 100 at most, and a `Link` header that names the neighbours.
 *
 * Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export interface PageRequest {
  readonly perPage: number;
  /** From 1. */
  readonly page: number;
}

const DEFAULT_SIZE = 30;
const LARGEST_SIZE = 100;

/** Wrong numbers are not refused: GitHub takes the nearest right ones. */
export function readPage(query: URLSearchParams, defaultSize = DEFAULT_SIZE): PageRequest {
  const perPage = Number(query.get('per_page') ?? defaultSize);
  const page = Number(query.get('page') ?? 1);
  return {
    perPage:
      Number.isInteger(perPage) && perPage > 0 ? Math.min(perPage, Math.max(LARGEST_SIZE, defaultSize)) : defaultSize,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export interface Page<T> {
  readonly items: T[];
  /** Undefined where all is on one page: GitHub then sends no header. */
  readonly link: string | undefined;
}

/** @param url the call's own address, whose `page` is replaced in the links. */
export function pageOf<T>(all: readonly T[], { perPage, page }: PageRequest, url: URL): Page<T> {
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const at = (number: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [at(Math.min(page - 1, last), 'prev'), at(1, 'first')] : []),
    ...(page < last ? [at(page + 1, 'next'), at(last, 'last')] : []),
  ];
  return {
    items: all.slice((page - 1) * perPage, page * perPage),
    link: links.length === 0 ? undefined : links.join(', '),
  };
}
