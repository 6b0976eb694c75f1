import type { Tables } from '../compile/tables.ts';
import type { Decision } from '../model/request.ts';
import { sentenceFor } from './findings.ts';
import { dutySentence } from './duties.ts';

/** A decision in words: one sentence for each finding of a refusal; for a permit its ground and its duties. */
export function explain(tables: Tables, decision: Decision, language: string = 'en'): string[] {
  const chinese = language.split('-', 1)[0] === 'zh';
  if (!decision.permit) return decision.findings.map((finding) => sentenceFor(tables, finding, decision, chinese));
  const clauses = decision.clauses.join(chinese ? '、' : ', ');
  const ground = chinese ? `依据条款 ${clauses} 允许` : `allowed by clause ${clauses}`;
  return [ground, ...decision.duties.map((duty) => dutySentence(tables, duty, chinese))];
}
