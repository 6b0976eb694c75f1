import type { Report } from '../diagnostics/report.ts';
import type { Block, Clause, PolicyDocument, Position, Section } from '../model/document.ts';
import type { BlockReader, ClauseDraft, SectionDraft } from './blocks.ts';
import type { FrontMatter } from './front-matter.ts';
import { labelFrom } from './specs.ts';

/** Puts the pieces together and reports what only shows in the whole: ids used twice, clauses without rules, broken links. */
export function assemble(
  blocks: BlockReader,
  matter: FrontMatter | undefined,
  defaultRefusalAt: Position | undefined,
  report: Report,
): PolicyDocument | undefined {
  const taken = takeIds(blocks.sections, report);
  const names = new Map<string, number>();
  const sections = blocks.sections.map((draft) => {
    const id = draft.id ?? freeId(slug(draft.title), taken, names);
    return finishSection(draft, id, blocks.attempted, report);
  });
  const clauses = sections.flatMap((section) => section.clauses);
  if (!blocks.sections.some((section) => section.blocks.some((block) => block.kind === 'clause'))) {
    report.add('no_clauses', { line: 1, column: 1 });
  }
  checkGroups(blocks, report);
  for (const { target, line, column } of blocks.references) {
    if (!taken.has(target)) report.add('broken_reference', { line, column }, { found: `#${target}` });
  }
  if (matter === undefined) return undefined;
  return {
    id: matter.policy ?? '',
    file: report.file,
    title: matter.title ?? labelFrom([['en', matter.policy ?? '']]),
    version: matter.version ?? '',
    date: matter.date ?? '',
    dateMeans: matter.date_means,
    effective: matter.effective,
    language: matter.language ?? 'en',
    jurisdiction: matter.jurisdiction,
    origin: matter.origin,
    controller: matter.controller ?? { name: '' },
    settings: matter.settings,
    notPromised: matter.not_promised,
    defaultRefusal: matter.default_refusal,
    defaultRefusalAt,
    terms: blocks.store.terms,
    sections,
    clauses,
    references: blocks.references,
  };
}

/** Claims the ids that the text gives, to sections and clauses alike; a second claim is reported. */
function takeIds(sections: readonly SectionDraft[], report: Report): Set<string> {
  const taken = new Set<string>();
  const claim = (id: string | undefined, at: Position): void => {
    if (id === undefined) return;
    if (taken.has(id)) report.add('duplicate_id', at, { found: id });
    taken.add(id);
  };
  for (const section of sections) {
    claim(section.id, section.at);
    for (const block of section.blocks) if (block.kind === 'clause') claim(block.draft.id, block.draft.prose.idAt);
  }
  return taken;
}

function finishSection(draft: SectionDraft, id: string, attempted: ReadonlySet<ClauseDraft>, report: Report): Section {
  const blocks: Block[] = [];
  for (const block of draft.blocks) {
    if (block.kind === 'note') blocks.push(block);
    else if (block.draft.id !== undefined) {
      blocks.push({ kind: 'clause', clause: finishClause(block.draft, block.draft.id, id, attempted, report) });
    }
  }
  return {
    id,
    title: draft.title,
    depth: draft.depth,
    line: draft.at.line,
    clauses: blocks.flatMap((block) => (block.kind === 'clause' ? [block.clause] : [])),
    notes: blocks.flatMap((block) => (block.kind === 'note' ? [block.note] : [])),
    blocks,
  };
}

function finishClause(
  draft: ClauseDraft,
  id: string,
  section: string,
  attempted: ReadonlySet<ClauseDraft>,
  report: Report,
): Clause {
  const { prose, at, rules, form, depth, ordered } = draft;
  if (!attempted.has(draft)) report.add('clause_without_rule', at, { found: id });
  const statement = rules.find((rule) => rule.verb === 'state');
  if (statement !== undefined && rules.length > 1) report.add('mixed_statement', statement, { found: id });
  return {
    id,
    text: prose.text,
    section,
    ...at,
    rules,
    ...(statement === undefined ? {} : { statement: statement.body.as }),
    form,
    depth,
    ordered,
    content: prose.content,
  };
}

/** Terms that are put into something that is not a group of the same kind. */
function checkGroups({ store }: BlockReader, report: Report): void {
  for (const { kind, id, group, at } of store.groupings) {
    const terms: Readonly<Record<string, object>> = store.terms[kind];
    const target = terms[group];
    if (target === undefined)
      report.add('undeclared_term', at, { expected: `a group among the ${kind}`, found: group });
    else if (!('group' in target) || target.group !== true)
      report.add('not_a_group', at, { found: `${id} in ${group}` });
  }
}

function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'opening' : words;
}

/** The name itself if it is free, else with the next number; `names` remembers how far each name has come. */
function freeId(wanted: string, taken: Set<string>, names: Map<string, number>): string {
  let number = names.get(wanted) ?? 1;
  let id = number === 1 ? wanted : `${wanted}-${number}`;
  for (; taken.has(id); id = `${wanted}-${number}`) number += 1;
  names.set(wanted, number);
  taken.add(id);
  return id;
}
