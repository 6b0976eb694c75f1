import { decide, explain, type Tables } from '@troth/policy';
import { TrothError } from '../../../server/src/platform/errors.ts';
import type { Command } from '../command.ts';
import { lineGroups, type Line } from '../lines.ts';
import { pour } from '../output.ts';
import { loadFile, sayDiagnostic } from '../policy-file.ts';
import { NoRequest, readRequest } from '../request.ts';

/** Bytes of a line: a request names a few terms. */
const LINE_MOST = 1_000_000;

/** `./troth decide`: requests in, decisions out, a line each. */
export const command: Command = {
  help: `Usage: ./troth decide POLICY [--explain] [--language TAG] <REQUESTS >DECISIONS

Reads one request a line, as JSON, from standard input, and answers each with one line of JSON: what the policy decides, with the
clauses that it stands on. Nothing is kept; lines are answered as they come. Empty lines are passed over.

  request   {"action", "actor": {"kind", "function"?}, "data": [], "purpose"?, "service"?, "recipient"?, "facts"?}
  decision  {"permit": true, "clauses", "duties", "basis"?} or {"permit": false, "code", "clauses", "findings"}
  neither   {"error": "what was expected", "line": 3} where a line is no request

  --explain         add "words": the decision in sentences
  --language TAG    the language of these words, such as zh (en)

Exit codes: 0 every line was a request, 1 one was not, 2 the policy could not be read or has errors.`,
  options: { explain: 'flag', language: 'text' },
  words: { least: 1, most: 1, what: 'one POLICY' },
  failed: 2,
  async run([file], given) {
    const tables = await tablesOf(file!);
    const language = typeof given['language'] === 'string' ? given['language'] : 'en';
    let wrong = false;
    const answer = (line: Line): string => {
      if ('text' in line && line.text.trim() === '') return '';
      const answered = answerLine(tables, line, given['explain'] === true ? language : undefined);
      if ('error' in answered) wrong = true;
      return `${JSON.stringify(answered)}\n`;
    };
    for await (const group of lineGroups(process.stdin, LINE_MOST)) await pour(group.map(answer).join(''));
    return wrong ? 1 : 0;
  },
};

function answerLine(tables: Tables, line: Line, language: string | undefined): object {
  if ('wrong' in line) return { error: line.wrong, line: line.number };
  try {
    const decision = decide(tables, readRequest(line.text));
    return language === undefined ? decision : { ...decision, words: explain(tables, decision, language) };
  } catch (error) {
    if (error instanceof NoRequest) return { error: error.message, line: line.number };
    throw error;
  }
}

async function tablesOf(file: string): Promise<Tables> {
  const { tables, diagnostics } = await loadFile(file);
  if (tables !== undefined) return tables;
  for (const diagnostic of diagnostics) if (diagnostic.level === 'error') sayDiagnostic(diagnostic);
  throw new TrothError('policy-invalid', 'expected a policy without errors', { file, hint: `./troth check ${file}` });
}
