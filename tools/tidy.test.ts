import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allSources, exists, importsOf, targetOf, type Source } from './sources.ts';

const sources = allSources();
const typescript = sources.filter((source) => source.path.endsWith('.ts') && !source.path.endsWith('.d.ts'));
const isTest = (source: Source): boolean => /\.(test|suite)\.ts$|\/testing\//.test(source.path);
const shipped = typescript.filter((source) => source.path.startsWith('packages/') && !isTest(source));
const SERVER = 'packages/server/src/';

/** The folder of the server that a path lies in, such as `gate`; '' for the composition root. */
function roomOf(path: string): string | undefined {
  if (!path.startsWith(SERVER)) return undefined;
  const rest = path.slice(SERVER.length);
  return rest.includes('/') ? rest.split('/')[0]! : '';
}

/** Relative imports of the server's files, as [file, its room, target, the target's room]. */
const inside = shipped.flatMap((source) =>
  importsOf(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from: source.path, room: roomOf(source.path), to: targetOf(source, specifier) }))
    .map((step) => ({ ...step, toRoom: roomOf(step.to), says: `${step.from} imports ${step.to}` })),
);

describe('imports run downward', () => {
  it('the policy package imports neither the server nor anything of Node', () => {
    const wrong = shipped
      .filter((source) => source.path.startsWith('packages/policy/'))
      .flatMap((source) => importsOf(source).map((specifier) => ({ source, specifier })))
      .filter(({ source, specifier }) =>
        specifier.startsWith('.')
          ? !targetOf(source, specifier).startsWith('packages/policy/')
          : /^node:|^@troth\//.test(specifier),
      );
    expect(wrong.map(({ source, specifier }) => `${source.path} imports ${specifier}`)).toEqual([]);
  });

  it('nothing but the command line reaches into another package', () => {
    const wrong = inside.filter(
      ({ from, to }) => from.split('/')[1] !== to.split('/')[1] && !from.startsWith('packages/cli/'),
    );
    expect(wrong.map((step) => step.says)).toEqual([]);
  });

  it('the platform imports no room, the vault and the ledger only the platform, the gate only these three', () => {
    const may: Record<string, string[]> = {
      platform: [],
      vault: ['platform'],
      ledger: ['platform'],
      gate: ['platform', 'vault', 'ledger'],
    };
    const wrong = inside.filter(
      ({ room, toRoom }) => room !== undefined && room in may && toRoom !== room && !may[room]!.includes(toRoom ?? '?'),
    );
    expect(wrong.map((step) => step.says)).toEqual([]);
  });

  it('a room enters another through its door, index.ts', () => {
    const below = new Set(['platform', 'vault', 'ledger', 'gate']);
    const wrong = inside.filter(
      ({ room, to, toRoom }) =>
        room !== '' &&
        room !== undefined &&
        toRoom !== room &&
        toRoom !== undefined &&
        !below.has(room) &&
        !below.has(toRoom) &&
        !to.endsWith('/index.ts'),
    );
    expect(wrong.map((step) => step.says)).toEqual([]);
  });

  it('no room imports the composition root', () => {
    const wrong = inside.filter(({ room, toRoom }) => room !== '' && room !== undefined && toRoom === '');
    expect(wrong.map((step) => step.says)).toEqual([]);
  });

  it('only the gate comes to the door of the vault', () => {
    const door = inside.filter(({ to }) => to === `${SERVER}vault/door.ts`);
    expect(door.filter(({ room }) => room !== 'gate').map((step) => step.says)).toEqual([]);
    // A door that nobody uses would make this test say nothing.
    expect(door.length).toBeGreaterThan(0);
    const byName = shipped.flatMap((source) => importsOf(source).map((specifier) => ({ source, specifier })));
    expect(
      byName.filter(({ specifier }) => /@troth\/server.*door/.test(specifier)).map(({ source }) => source.path),
    ).toEqual([]);
  });
});

describe('files are small', () => {
  const sizes = typescript.map((source) => ({ path: source.path, lines: source.text.split('\n').length - 1 }));

  it('none above 600 lines', () => {
    expect(sizes.filter(({ lines }) => lines > 600)).toEqual([]);
  });

  it('half of them below 120', () => {
    const sorted = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(120);
  });
});

it('what is exported is used somewhere else', () => {
  // Types may be there for a reader of a signature; a function or a value that nobody else takes is left over.
  const dead = shipped
    .filter((source) => source.path.startsWith('packages/'))
    .flatMap((source) => {
      const names = [
        ...source.text.matchAll(/^export (?:async )?(?:function\*?|const|let|class) ([A-Za-z0-9_]+)/gm),
      ].map((match) => match[1]!);
      return names.map((name) => ({ source, name }));
    })
    .filter(({ source, name }) => {
      const word = new RegExp(`\\b${name}\\b`);
      return !typescript.some((other) => other !== source && word.test(other.text));
    });
  expect(dead.map(({ source, name }) => `${source.path}: ${name}`)).toEqual([]);
});

it('nothing speaks of one machine, one registry, or a test that is left out', () => {
  // Put together here, so that this file does not hold what it looks for.
  const words = [
    ['/wo', 'rk/'],
    ['/tmp/', 'troth'],
    ['../', 'shared'],
    ['registry', '.npmjs'],
    ['registry', '.yarnpkg'],
    ['it', '.skip('],
    ['test', '.skip('],
    ['describe', '.skip('],
    ['it', '.only('],
    ['describe', '.only('],
    ['it', '.todo('],
    ['skip', 'If('],
    ['run', 'If('],
    ['@ts-', 'ignore'],
  ].map((parts) => parts.join(''));
  const found = sources.flatMap((source) =>
    words.filter((word) => source.text.includes(word)).map((word) => `${source.path}: ${word}`),
  );
  expect(found).toEqual([]);
});

it('package-lock.json names no registry', () => {
  const lock = sources.find((source) => source.path === 'package-lock.json')!;
  expect([...lock.text.matchAll(/"resolved": "(\w+:\/\/[^"]*)"/g)].map((match) => match[1])).toEqual([]);
});

describe('documents', () => {
  const documents = sources.filter((source) => source.path.endsWith('.md'));

  it('link to files that are there', () => {
    const broken = documents.flatMap((source) =>
      [...withoutCode(source.text).matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => decodeURIComponent(match[1]!.split('#')[0]!))
        .filter((target) => target !== '' && !/^[a-z]+:/i.test(target) && !target.startsWith('/'))
        .filter((target) => !exists(posix.join(posix.dirname(source.path), target)))
        .map((target) => `${source.path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name paths that are there', () => {
    const named = /`((?:packages|docs|tools|tests|policies|conformance)\/[A-Za-z0-9_./-]+)`/g;
    const broken = documents.flatMap((source) =>
      [...source.text.matchAll(named)]
        .filter((match) => !exists(match[1]!))
        .map((match) => `${source.path}: ${match[1]}`),
    );
    expect(broken).toEqual([]);
  });
});

function withoutCode(markdown: string): string {
  return markdown.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
}
