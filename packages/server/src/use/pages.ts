import { html } from 'hono/html';
import { label, rulesOf } from '@troth/policy';
import { clauseLink } from '../collect/index.ts';
import { stateWords } from '../desks/index.ts';
import { enterPart } from './enter-page.ts';
import type { House } from '../gate/house.ts';
import { beginningOf } from '../platform/ids.ts';
import type { Cases } from '../platform/schema.ts';
import type { Frame } from '../platform/web/frame.ts';
import { time, type Html } from '../platform/web/layout.ts';
import type { ReadAnswer } from './read.ts';

/** The operator's desk: the queue, and a form to read what the policy lets staff read. */
export function deskPage(house: House, frame: Frame, cases: Cases[]): Html {
  const { say, language } = frame;
  const { terms } = house.policy().document;
  const hasAccounts = Object.values(terms.services).some(({ kind }) => kind === 'account');
  return html`<h1>${say('Desk', '工作台')}</h1>
<p class="lead">${say('Every look is asked of the policy, written to the ledger, and shown to the person.', '每次读取都会依政策判断、写入账本，并向本人展示。')}</p>
<h2>${say('Waiting', '待处理')} (${cases.length})</h2>
${cases.length === 0 ? html`<p>${say('The queue is empty.', '队列为空。')}</p>` : ''}
${cases.map(
  (
    each,
  ) => html`<div class="box"><p><strong>${label(terms.services[each.service], language)}</strong> <code>${beginningOf(each.case_id)}…</code> · ${each.mailbox} · ${each.channel} · ${time(each.opened_at)} · ${stateWords(each.state, say)}</p>
<form method="post" action="/desk/read"><input type="hidden" name="case" value="${each.case_id}">
${readFields(house, frame, each.service, each.case_id)}</form>
<form class="inline" method="post" action="/desk/state"><input type="hidden" name="case" value="${each.case_id}">
<button class="quiet" name="state" value="in_work">${say('In work', '处理中')}</button>
<button class="quiet" name="state" value="answered">${say('Answered', '已答复')}</button>
<button class="quiet" name="state" value="closed">${say('Close', '结束')}</button></form></div>`,
)}
${
  hasAccounts
    ? html`<h2>${say('A member', '会员')}</h2>
<form method="post" action="/desk/read"><label for="identifier">${say('Exact ID of the member (e-mail address)', '会员 ID（完整邮箱）')}</label>
<input id="identifier" name="identifier" type="email" autocomplete="off">
${readFields(house, frame, accountService(house), 'member')}</form>`
    : ''
}
${enterPart(house, frame)}`;
}

function accountService(house: House): string {
  return Object.values(house.policy().document.terms.services).find(({ kind }) => kind === 'account')?.id ?? '';
}

/** Fields, purpose and grounds to choose from; the policy decides which of them go together. */
function readFields(house: House, frame: Frame, service: string, key: string): Html {
  const { say, language } = frame;
  const { document } = house.policy();
  const collected = new Set(
    rulesOf(document, 'collect')
      .filter(({ body }) => body.service.includes(service))
      .flatMap(({ body }) => [...body.data]),
  );
  const fields = [...collected].filter(
    (id) => document.terms.data[id]?.input !== 'none' && document.terms.data[id]?.input !== 'password',
  );
  return html`<fieldset><legend>${say('Fields', '字段')}</legend>
${fields.map((id) => html`<label class="check"><input type="checkbox" name="data:${id}" value="yes"><span>${label(document.terms.data[id], language)}</span></label>`)}</fieldset>
<label for="purpose-${key}">${say('Purpose', '目的')}</label><select id="purpose-${key}" name="purpose">
${Object.values(document.terms.purposes).map((purpose) => html`<option value="${purpose.id}">${label(purpose, language)}</option>`)}</select>
<label for="reason-${key}">${say('Why it is necessary', '必要性说明')}</label><input id="reason-${key}" name="reason" autocomplete="off">
<label for="reference-${key}">${say('Reference of the law or order, if any', '法律或命令编号（如有）')}</label><input id="reference-${key}" name="reference" autocomplete="off">
<p><button>${say('Read', '读取')}</button></p>`;
}

/** What an operator was given to read, and the clauses that allow it. */
export function readPage(house: House, frame: Frame, { held, clauses }: ReadAnswer): Html {
  const { say, language } = frame;
  const { data } = house.policy().document.terms;
  return html`<h1>${say('Read', '读取结果')}</h1>
${held === undefined ? html`<p>${say('Nobody has this ID.', '没有此 ID。')}</p>` : ''}
${held?.length === 0 ? html`<p>${say('Nothing is held in these fields.', '这些字段没有内容。')}</p>` : ''}
<dl>${(held ?? []).map(
    (value) =>
      html`<dt>${label(data[value.field], language)} ${value.masked ? html`<span class="badge untested">${say('masked', '已脱敏')}</span>` : ''}</dt><dd data-field="${value.field}">${value.value}</dd>`,
  )}</dl>
<p class="why">${say('On:', '依据：')} ${clauses.map((clause) => html`${clauseLink(clause)} `)}</p>
<p><a href="/desk">${say('Back to the desk', '返回工作台')}</a></p>`;
}
