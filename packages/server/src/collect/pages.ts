import { html } from 'hono/html';
import { label, type FormField, type Form } from '@troth/policy';
import { askId } from './submission.ts';
import type { Frame } from '../platform/web/frame.ts';
import type { Html } from '../platform/web/layout.ts';

/** What to tell beside a form that came back: per field, and in general. */
export interface Complaints {
  general: string[];
  fields: Map<string, string>;
}

export const NO_COMPLAINTS: Complaints = { general: [], fields: new Map() };

/**
 * The form of a service, made from the policy: its declared fields and no other, each with its purposes and its clause; the caveats
 * before the button; boxes unticked.
 * @param kept values to show again after a complaint (never a password)
 */
export function formPage(
  frame: Frame,
  form: Form,
  complaints: Complaints = NO_COMPLAINTS,
  kept = new Map<string, string>(),
): Html {
  const { say, language } = frame;
  return html`<h1>${label(form.label, language)}</h1>
<p class="lead">${say('What is asked here, and why, stands beside each field. The whole of it is in the', '每一项旁边写明收集的内容和目的。全文见')}
<a href="/policy">${say('privacy policy', '隐私政策')}</a>${say('.', '。')}</p>
${general(frame, complaints)}
<form method="post" action="/services/${form.service}" novalidate>
${form.fields.map((field) => fieldPart(frame, field, complaints.fields.get(field.data), kept.get(field.data) ?? ''))}
${form.asks.map(
  (
    ask,
  ) => html`<label class="check"><input type="checkbox" name="${askId(ask)}" value="yes"><span>${label(ask.words, language)}
<span class="why">${say('Your choice; nothing else depends on it, and you can take it back at any time.', '由您选择，不影响其他功能，可随时撤回。')} ${clauseLink(ask.clause)}</span></span></label>`,
)}
${form.tells.filter((tell) => tell.what !== 'notice').map((tell) => tellPart(frame, tell, complaints))}
<p><button>${say('Send', '提交')}</button></p>
</form>`;
}

export function general(frame: Frame, complaints: Complaints): Html | '' {
  if (complaints.general.length === 0) return '';
  return html`<div class="box no" role="alert"><strong>${frame.say('Nothing was kept. Please mend this:', '未保存任何内容，请更正：')}</strong>
<ul>${complaints.general.map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

function tellPart(frame: Frame, tell: Form['tells'][number], complaints: Complaints): Html {
  const { language } = frame;
  const words = label(tell.words, language);
  if (!tell.acknowledge) return html`<p class="box">${words} ${clauseLink(tell.clause)}</p>`;
  const problem = complaints.fields.get('acknowledged');
  return html`<div class="box"><p>${words} ${clauseLink(tell.clause)}</p>
<label class="check"><input type="checkbox" name="acknowledged" value="yes"><span>${frame.say('I have read this.', '我已阅读。')}</span></label>
${problem === undefined ? '' : html`<p class="error">${problem}</p>`}</div>`;
}

/** One field with its label, purposes, clause, and what was wrong with it. */
export function fieldPart(frame: Frame, field: FormField, problem: string | undefined, value: string): Html {
  const { say, language } = frame;
  const id = `field-${field.data}`;
  const invalid = problem === undefined ? '' : html` aria-invalid="true"`;
  const control =
    field.input === 'textarea'
      ? html`<textarea id="${id}" name="${field.data}" aria-describedby="${id}-why"${invalid}>${value}</textarea>`
      : html`<input id="${id}" name="${field.data}" type="${typeOf(field)}" value="${field.input === 'password' ? '' : value}" autocomplete="${autocompleteOf(field)}" aria-describedby="${id}-why"${invalid}>`;
  return html`<label for="${id}">${label(field.label, language)}
${field.required ? '' : html`<span class="why">${say('(optional)', '（选填）')}</span>`}
${field.sensitive ? html`<span class="sensitive">${say('sensitive', '敏感信息')}</span>` : ''}</label>
${control}
<p class="why" id="${id}-why">${say('For:', '用于：')} ${field.purposes.map((purpose) => label(purpose.label, language)).join(say(', ', '、'))} · ${clauseLink(field.clause)}
${field.acceptNone ? say(' · write “none” if there is none', ' · 没有请填“无”') : ''}
${field.input === 'password' ? say(` · at least ${frame.site.passwordMinimum} characters`, ` · 至少 ${frame.site.passwordMinimum} 个字符`) : ''}</p>
${problem === undefined ? '' : html`<p class="error" role="alert">${problem}</p>`}`;
}

export function clauseLink(clause: string): Html {
  return html`<a href="/policy#${clause}">${clause}</a>`;
}

function typeOf(field: FormField): string {
  if (field.input === 'password' || field.input === 'email' || field.input === 'tel') return field.input;
  return 'text';
}

/** The field's meaning for a browser's form filling (HTML, autofill tokens; WCAG 1.3.5). */
function autocompleteOf(field: FormField): string {
  const tokens: Record<string, string> = {
    name: 'name',
    email_address: 'email',
    password: 'new-password',
    company_name: 'organization',
    company_phone: 'tel',
    company_web_address: 'url',
  };
  return tokens[field.data] ?? 'off';
}
