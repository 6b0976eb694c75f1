import type { Tables } from '../compile/tables.ts';
import { asksFor } from '../decide/refuse.ts';
import type { Finding, Refusal, RefusalCode } from '../model/request.ts';
import { nameOf } from './names.ts';

/** The names that a sentence may use, in the reader's language. */
interface Names {
  readonly data: string;
  readonly purpose: string;
  readonly recipient: string;
  readonly service: string;
  readonly function: string;
  /** "; clause mic-26 asks for it", or nothing. */
  readonly by: string;
  /** What kind of information or, when the finding is about none, the whole. */
  readonly asked: string;
}

type Sentence = (names: Names) => string;

const ENGLISH: Readonly<Record<RefusalCode, Sentence>> = {
  undeclared_data: (n) => `the policy does not declare the field ${n.data}`,
  undeclared_purpose: (n) => `the policy does not declare the purpose ${n.purpose}`,
  undeclared_recipient: (n) => `the policy does not declare the recipient ${n.recipient}`,
  undeclared_service: (n) => `the policy does not declare the service ${n.service}`,
  undeclared_function: (n) => `the policy does not declare the function ${n.function}`,
  not_of_service: (n) => `${n.data} does not belong to ${n.service}${n.by}`,
  missing_field: (n) => `${n.data} is missing${n.by}`,
  none_not_accepted: (n) => `"none" is not an answer for ${n.data}${n.by}`,
  no_rule: (n) => `no rule of the policy allows this${n.data === '' ? '' : ` for ${n.data}`}${n.by}`,
  purpose_not_granted: (n) => `${n.data} may not be used for ${n.purpose}${n.by}`,
  recipient_not_granted: (n) => `${n.data} may not go to ${n.recipient}${n.by}`,
  forbidden: (n) => `the policy forbids this for ${n.data}${n.by}`,
  no_consent: (n) => `no consent to ${n.asked}${n.by}`,
  objected: (n) => `the person objected to ${n.purpose}${n.by}`,
  needs_reason: (n) => `a written reason is missing${n.by}`,
  needs_reference: (n) => `a reference to the law, order or document is missing${n.by}`,
  needs_officer: (n) => `a named officer is missing${n.by}`,
  needs_necessity: (n) => `a statement why this is necessary is missing${n.by}`,
  not_own: (n) => `only the person themself may do this, after proving who they are${n.by}`,
  not_acknowledged: (n) => `what must be read first was not acknowledged${n.by}`,
  insecure_channel: (n) => `the connection is not secured, as it must be for ${n.data}${n.by}`,
};

const CHINESE: Readonly<Record<RefusalCode, Sentence>> = {
  undeclared_data: (n) => `政策未声明字段${n.data}`,
  undeclared_purpose: (n) => `政策未声明目的${n.purpose}`,
  undeclared_recipient: (n) => `政策未声明接收方${n.recipient}`,
  undeclared_service: (n) => `政策未声明服务${n.service}`,
  undeclared_function: (n) => `政策未声明功能${n.function}`,
  not_of_service: (n) => `${n.data}不属于${n.service}${n.by}`,
  missing_field: (n) => `缺少${n.data}${n.by}`,
  none_not_accepted: (n) => `${n.data}不能填写“无”${n.by}`,
  no_rule: (n) => `政策没有规则允许此操作${n.data === '' ? '' : `（${n.data}）`}${n.by}`,
  purpose_not_granted: (n) => `${n.data}不得用于${n.purpose}${n.by}`,
  recipient_not_granted: (n) => `${n.data}不得提供给${n.recipient}${n.by}`,
  forbidden: (n) => `政策禁止对${n.data}进行此操作${n.by}`,
  no_consent: (n) => `未取得对${n.asked}的同意${n.by}`,
  objected: (n) => `本人反对${n.purpose}${n.by}`,
  needs_reason: (n) => `缺少书面理由${n.by}`,
  needs_reference: (n) => `缺少所依据的法律、命令或文件的编号${n.by}`,
  needs_officer: (n) => `缺少负责人员的姓名${n.by}`,
  needs_necessity: (n) => `缺少必要性说明${n.by}`,
  not_own: (n) => `只有本人在证明身份后才能进行此操作${n.by}`,
  not_acknowledged: (n) => `尚未确认须先阅读的内容${n.by}`,
  insecure_channel: (n) => `连接未加密，而${n.data}必须加密传输${n.by}`,
};

/** What the clause of a finding does, in words after a semicolon. Without an entry it "says so". */
const ENGLISH_DOES: Partial<Record<RefusalCode, string>> = {
  missing_field: 'asks for it',
  none_not_accepted: 'asks for it',
  no_consent: 'asks for it',
  not_of_service: 'has it elsewhere',
  no_rule: 'speaks of it, for others',
  forbidden: 'forbids it',
  purpose_not_granted: 'gives it for other purposes',
  recipient_not_granted: 'gives it to others',
  objected: 'lets them object',
  needs_reason: 'needs it',
  needs_reference: 'needs it',
  needs_officer: 'needs it',
  needs_necessity: 'needs it',
  not_own: 'gives the right',
  insecure_channel: 'promises it',
};

const CHINESE_DOES: Partial<Record<RefusalCode, string>> = {
  missing_field: '要求填写',
  none_not_accepted: '要求填写',
  no_consent: '征求该同意',
  not_of_service: '在别处规定了此项',
  no_rule: '只对他人作了规定',
  forbidden: '禁止',
  purpose_not_granted: '只允许用于其他目的',
  recipient_not_granted: '只允许提供给其他接收方',
  objected: '允许反对',
  needs_reason: '要求提供',
  needs_reference: '要求提供',
  needs_officer: '要求提供',
  needs_necessity: '要求提供',
  not_own: '规定了此项权利',
  insecure_channel: '承诺加密',
};

/** One finding as a sentence (without a full stop). */
export function sentenceFor(tables: Tables, finding: Finding, refusal: Refusal, chinese: boolean): string {
  const name = (kind: Parameters<typeof nameOf>[1], id: string | undefined): string =>
    nameOf(tables, kind, id, chinese);
  const names: Names = {
    data: finding.data === undefined ? '' : name('data', finding.data),
    purpose: name('purposes', finding.purpose),
    recipient: name('recipients', finding.recipient),
    service: name('services', finding.service),
    function: name('functions', finding.function),
    asked: askedFor(finding, name, chinese),
    by: clausePart(tables, finding, refusal, chinese),
  };
  return (chinese ? CHINESE : ENGLISH)[finding.code](names);
}

function askedFor(
  finding: Finding,
  name: (kind: 'purposes' | 'recipients', id: string | undefined) => string,
  chinese: boolean,
): string {
  const { purpose, recipient } = finding;
  const what = purpose === undefined ? (chinese ? '收集' : 'the collection') : name('purposes', purpose);
  if (recipient === undefined) return what;
  const to = name('recipients', recipient);
  return chinese ? `${what}（接收方：${to}）` : `${what} (recipient: ${to})`;
}

function clausePart(tables: Tables, finding: Finding, refusal: Refusal, chinese: boolean): string {
  const { code } = finding;
  const asking = code === 'no_consent' ? asksFor(tables, finding)[0] : undefined;
  const isDefault = code === 'no_rule' && finding.clause === undefined;
  const clause = asking ?? finding.clause ?? (isDefault ? refusal.clauses[0] : undefined);
  if (clause === undefined) return '';
  if (code === 'no_consent' && finding.clause !== undefined && asking !== finding.clause) {
    const needs = chinese ? `；条款 ${finding.clause} 需要该同意` : `; clause ${finding.clause} needs it`;
    if (asking === undefined) return needs;
    return chinese ? `${needs}，条款 ${asking} 征求该同意` : `${needs}, clause ${asking} asks for it`;
  }
  if (isDefault) return chinese ? `；依据条款 ${clause}` : `; clause ${clause} stands against it`;
  const does = chinese ? (CHINESE_DOES[code] ?? '有相关规定') : (ENGLISH_DOES[code] ?? 'speaks of it');
  const { also = [] } = finding;
  if (chinese) return `；条款 ${[clause, ...also].join('、')} ${does}`;
  return `; clause ${clause}${also.length === 0 ? '' : ` (and ${also.join(', ')})`} ${does}`;
}
