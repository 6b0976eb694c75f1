import { html } from 'hono/html';
import { label, formOf } from '@troth/policy';
import type { Choice } from '../consent/index.ts';
import { caveats, clauseLink, fieldPart, general, NO_COMPLAINTS, type Complaints } from '../collect/index.ts';
import type { House } from '../gate/house.ts';
import type { Held, Reading } from '../gate/index.ts';
import type { Consents } from '../platform/schema.ts';
import type { Frame } from '../platform/web/frame.ts';
import { time, type Html } from '../platform/web/layout.ts';
import { actorWords, readingWords } from './words.ts';

/** What is held about a person, why, since when, on which clause, and who read it. */
export function mePage(
  house: House,
  frame: Frame,
  me: { held: Held[]; readings: Reading[]; choices: Choice[]; answers: Consents[] },
): Html {
  const { say, language } = frame;
  const { terms } = house.policy().document;
  return html`<h1>${say('My data', '我的数据')}</h1>
<h2 id="held">${say('What is held about you', '我们保存的信息')}</h2>
<div class="scroll"><table><thead><tr><th>${say('What', '内容')}</th><th>${say('Value', '值')}</th><th>${say('What for', '用途')}</th><th>${say('Since', '保存自')}</th><th>${say('Clause', '条款')}</th></tr></thead><tbody>
${me.held.map(
  (
    held,
  ) => html`<tr><td>${label(terms.data[held.field], language)}</td><td data-field="${held.field}">${held.value}</td>
<td>${held.purposes.map((purpose) => label(terms.purposes[purpose], language)).join(say(', ', '、'))}</td><td>${time(held.since)}</td><td>${clauseLink(held.clause)}</td></tr>`,
)}</tbody></table></div>
<p><a href="/me/edit">${say('Edit', '修改')}</a> · <a href="/me/password">${say('Change the password', '修改密码')}</a></p>
<h2 id="choices">${say('Your choices', '您的选择')}</h2>
${me.choices.length === 0 ? html`<p>${say('The policy leaves you no choice to make here.', '此处没有可选项。')}</p>` : ''}
${me.choices.map((choice) => choicePart(frame, choice))}
<h2 id="readings">${say('Who read or changed it', '谁读取或更改过')}</h2>
<div class="scroll"><table><thead><tr><th>${say('When', '时间')}</th><th>${say('Who', '何人')}</th><th>${say('Did what', '操作')}</th><th>${say('With', '涉及')}</th><th>${say('What for', '用途')}</th><th>${say('Clause', '条款')}</th><th>${say('Ledger', '账本')}</th></tr></thead><tbody>
${me.readings.map(
  (
    reading,
  ) => html`<tr><td>${time(reading.at)}</td><td>${actorWords(house, frame, reading.actor)}</td><td>${readingWords(frame, reading)}</td>
<td>${reading.data.map((data) => label(terms.data[data], language)).join(say(', ', '、'))}</td>
<td>${reading.purpose === '' ? '—' : label(terms.purposes[reading.purpose], language)}</td>
<td>${reading.clauses.map((clause) => html`${clauseLink(clause)} `)}</td><td>${reading.index === undefined ? say('on its way', '写入中') : `#${reading.index}`}</td></tr>`,
)}</tbody></table></div>
<h2 id="answers">${say('What you were asked, and answered', '询问与答复记录')}</h2>
${me.answers.length === 0 ? html`<p>${say('Nothing yet.', '暂无。')}</p>` : ''}
<ul>${me.answers.map(
    (answer) => html`<li>${time(answer.at)} — “${answer.words}” <strong>${answerWords(frame, answer)}</strong>
<span class="why">${say('policy version', '政策版本')} ${answer.policy_version} · ${clauseLink(answer.clause)}</span></li>`,
  )}</ul>`;
}

function answerWords({ say }: Frame, { answer, kind }: Consents): string {
  if (answer === 'withdrawn') return say('taken back', '已撤回');
  if (answer === 'refused') return say('no', '否');
  return kind === 'acknowledgement' ? say('read', '已阅读') : say('yes', '是');
}

function choicePart(frame: Frame, choice: Choice): Html {
  const { say, language } = frame;
  const next = choice.given ? 'no' : 'yes';
  const words =
    choice.kind === 'consent'
      ? [say('Permit', '允许'), say('Take it back', '撤回')]
      : [say('Stop this use', '停止此用途'), say('Allow it again', '恢复')];
  return html`<form class="box ${choice.given ? 'yes' : ''}" method="post" action="/me/choices">
<p>${label(choice.words, language)} ${clauseLink(choice.clause)}</p>
<p class="why">${choice.given ? say('Now: yes.', '当前：是。') : say('Now: no.', '当前：否。')}</p>
<input type="hidden" name="choice" value="${choice.id}"><input type="hidden" name="answer" value="${next}">
<button class="quiet">${choice.given ? words[1] : words[0]}</button></form>`;
}

/** The member's entries as a form; the password again, as the policy says. */
export function editPage(
  house: House,
  frame: Frame,
  held: Held[],
  complaints: Complaints = NO_COMPLAINTS,
  kept = new Map<string, string>(),
): Html {
  const { say } = frame;
  const { document } = house.policy();
  return html`<h1>${say('Edit my data', '修改我的数据')}</h1>${general(frame, complaints)}
<form method="post" action="/me/edit" novalidate>
${held.map((value) => {
  const field = formOf(document, value.service)?.fields.find(({ data }) => data === value.field);
  return field === undefined
    ? ''
    : fieldPart(frame, field, complaints.fields.get(value.field), kept.get(value.field) ?? value.value);
})}
${currentPassword(frame)}${caveats(house, frame)}
<p><button>${say('Save', '保存')}</button></p></form>`;
}

export function currentPassword({ say }: Frame): Html {
  return html`<label for="current">${say('Your password, to show that it is you', '请输入当前密码以确认身份')}</label>
<input id="current" name="current_password" type="password" autocomplete="current-password" required>`;
}
