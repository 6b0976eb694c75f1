import { html } from 'hono/html';
import {
  changes,
  label,
  renderClause,
  renderNote,
  type Clause,
  type PolicyDocument,
  type Section,
} from '@troth/policy';
import type { Frame } from '../platform/web/frame.ts';
import { safe, time, type Html } from '../platform/web/layout.ts';
import type { ClauseState } from './kept.ts';
import type { PublishedVersion } from './publish.ts';
import { ruleText } from './rule-text.ts';

/** A policy on a page: its versions, and how each clause is kept. */
export interface Notice {
  document: PolicyDocument;
  published: Date | undefined;
  /** Undefined for an old version: what was kept then is not known now. */
  states: ((clause: Clause) => ClauseState) | undefined;
  /** The version that the reader saw last, if they let us remember it. */
  seen: string | undefined;
  /** That version's text, where it is another one. */
  before?: PolicyDocument | undefined;
  /** Whether the policy declares the cookie that remembers it. */
  remembers: boolean;
  newest: string;
}

/** The policy, live: each clause linkable, with the rule that keeps it and whether it does. */
export function policyPage(frame: Frame, notice: Notice): Html {
  const { say, language } = frame;
  const { document } = notice;
  const { controller } = document;
  const questions = document.sections.filter((section) => section.depth === 2 && section.clauses.length > 0);
  return html`<h1 id="top">${label(document.title, language)}</h1>
${changeMark(frame, notice)}
<p class="lead">${say('Responsible:', '负责方：')} <strong>${controller.name}</strong>${controller.post === undefined ? '' : html`, ${controller.post}`}
· ${say('version', '版本')} ${document.version} · ${say('text of', '文本日期')} ${document.date}
${notice.published === undefined ? '' : html`· ${say('last changed here', '本站更新于')} ${time(notice.published)}`}
· <a href="/policy/history">${say('all versions', '全部版本')}</a> · <a href="/policy/search">${say('search', '搜索')}</a></p>
<p class="why">${say('This page restates a public text to test software; it speaks for no company. Under each clause stands the rule that the machine runs.', '本页为测试软件而转述公开文本，不代表任何公司。每条下方为系统执行的规则。')}</p>
${questions.length < 2 ? '' : html`<nav aria-label="${say('Contents', '目录')}"><ol id="questions">${questions.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}</ol></nav>`}
${document.sections.map((section) => sectionPart(frame, notice, section, questions.length > 1))}
${dataPart(frame, document)}
${oursPart(frame, document)}
${rememberPart(frame, notice)}`;
}

function changeMark(frame: Frame, { document, seen, newest, before }: Notice): Html | '' {
  const { say } = frame;
  if (document.version !== newest) {
    return html`<p class="box no">${say('This is an earlier version.', '这是历史版本。')} <a href="/policy">${say(`Version ${newest} is in force.`, `当前版本为 ${newest}。`)}</a></p>`;
  }
  if (seen === undefined || seen === document.version) return '';
  return html`<div class="box no" id="changed" role="status"><p><strong>${say(`This policy has changed since you read version ${seen}.`, `自您阅读版本 ${seen} 以来，本政策已更改。`)}</strong>
<a href="/policy/changes?from=${encodeURIComponent(seen)}">${say('See what changed', '查看变化')}</a></p>
${before === undefined ? '' : changesPart(frame, before, document)}
<form method="post" action="/policy/seen"><input type="hidden" name="version" value="${document.version}"><button class="quiet">${say('I have read it', '我已阅读')}</button></form></div>`;
}

/** Offers to remember the version, for a reader who has not let us yet. Nothing is set by looking. */
function rememberPart({ say }: Frame, { document, seen, remembers, newest }: Notice): Html | '' {
  if (!remembers || seen !== undefined || document.version !== newest) return '';
  return html`<form class="box" method="post" action="/policy/seen"><p>${say('Come back now and then: this page can tell you what changed since you read it. For that your browser would keep the number of the version, and nothing else.', '请不时回来查看：本页可以告诉您上次阅读之后的变化。为此浏览器只需保存版本号。')}</p>
<input type="hidden" name="version" value="${document.version}"><button class="quiet">${say('Remember that I read this version', '记住我已阅读此版本')}</button></form>`;
}

function sectionPart(frame: Frame, notice: Notice, section: Section, backLinks: boolean): Html {
  const level = Math.min(Math.max(section.depth, 2), 4);
  const heading = section.depth <= 1 ? '' : safe(`<h${level} id="${section.id}">`);
  return html`${heading === '' ? '' : html`${heading}${section.title}${safe(`</h${level}>`)}`}
${section.blocks.map((block) => (block.kind === 'clause' ? clausePart(frame, notice, block.clause) : html`<blockquote>${safe(renderNote(block.note, notice.document, frame.language))}</blockquote>`))}
${backLinks && section.depth === 2 ? html`<p class="why"><a href="#top" data-back-to-top>${frame.say('Back to the top', '返回顶部')}</a></p>` : ''}`;
}

function clausePart(frame: Frame, { document, states }: Notice, clause: Clause): Html {
  const { say, language } = frame;
  const state = states?.(clause);
  const verbs = [...new Set(clause.rules.map((rule) => rule.verb))].join(', ');
  return html`<div class="clause" id="${clause.id}"><p>${safe(renderClause(clause, document, language))}</p>
<p class="kept-by"><a href="#${clause.id}">${clause.id}</a>
${state === undefined ? '' : html`<span class="badge ${state}" data-state="${state}">${stateWords(frame, state)}</span>`}
${clause.statement === undefined ? '' : say(`a statement (${clause.statement})`, `陈述（${clause.statement}）`)}</p>
${clause.statement !== undefined ? '' : html`<details><summary>${say('rule:', '规则：')} <code>${verbs}</code></summary><pre>${clause.rules.map(ruleText).join('\n')}</pre></details>`}</div>`;
}

function stateWords({ say }: Frame, state: ClauseState): string {
  switch (state) {
    case 'kept':
      return say('kept: shown by test', '已兑现（经测试）');
    case 'broken':
      return say('broken', '未兑现');
    case 'open':
      return say('open: not built yet', '尚未实现');
    case 'statement':
      return say('statement', '陈述');
    case 'untested':
      return say('not tested here', '此处未测试');
  }
}

/** Every category that is gathered, and what is done with it: from the rules themselves, so that it cannot lag behind. */
function dataPart(frame: Frame, document: PolicyDocument): Html {
  const { say, language } = frame;
  const { data, purposes, services } = document.terms;
  const rows = document.clauses.flatMap((clause) =>
    clause.rules.flatMap((rule) =>
      rule.verb === 'collect'
        ? rule.body.data.map((id) => ({ id, clause: clause.id, service: rule.body.service, purposes: rule.body.for }))
        : [],
    ),
  );
  if (rows.length === 0) return html``;
  return html`<h2 id="gathered">${say('Everything that is gathered', '收集的全部信息')}</h2>
<div class="scroll"><table><thead><tr><th>${say('What', '内容')}</th><th>${say('Where', '场景')}</th><th>${say('What for', '用途')}</th><th>${say('Clause', '条款')}</th></tr></thead><tbody>
${rows.map(
  (
    row,
  ) => html`<tr data-gathered="${row.id}"><td>${label(data[row.id], language)} ${data[row.id]?.sensitive === true ? html`<span class="sensitive">${say('sensitive', '敏感')}</span>` : ''}</td>
<td>${row.service.map((id) => label(services[id], language)).join(', ')}</td><td>${row.purposes.map((id) => label(purposes[id], language)).join(say(', ', '、'))}</td><td><a href="#${row.clause}">${row.clause}</a></td></tr>`,
)}</tbody></table></div>`;
}

/** What the text leaves open and we settled, and what it does not promise. */
function oursPart(frame: Frame, document: PolicyDocument): Html {
  const { say, language } = frame;
  const settings = Object.values(document.settings);
  return html`${
    settings.length === 0
      ? ''
      : html`<h2 id="ours">${say('Figures that are ours', '由我们设定的数值')}</h2>
<dl>${settings.map((setting) => html`<dt><code>${setting.id}</code>: ${String(setting.value)} ${setting.unit ?? ''}</dt><dd>${label(setting.why, language)}</dd>`)}</dl>`
  }
${
  document.notPromised.length === 0
    ? ''
    : html`<h2 id="not-promised">${say('Not promised by this text', '本文本未承诺的事项')}</h2>
<ul>${document.notPromised.map((words) => html`<li>${label(words, language)}</li>`)}</ul>`
}`;
}

/** Every version with its dates. */
export function historyPage(frame: Frame, versions: PublishedVersion[]): Html {
  const { say } = frame;
  return html`<h1>${say('All versions', '全部版本')}</h1>
<ul id="versions">${versions.map(
    (
      each,
      i,
    ) => html`<li><a href="/policy/versions/${encodeURIComponent(each.version)}">${say('Version', '版本')} ${each.version}</a> — ${time(each.publishedAt)}
${i === 0 ? html`<strong>${say('in force', '现行')}</strong>` : html`<a href="/policy/changes?from=${encodeURIComponent(each.version)}">${say('what changed since', '之后的变化')}</a>`}
<span class="why">SHA-256 <code>${each.hash}</code></span></li>`,
  )}</ul>`;
}

/** A page for what changed between two versions. */
export function changesPage(frame: Frame, before: PolicyDocument, after: PolicyDocument): Html {
  return html`<h1>${frame.say(`From version ${before.version} to ${after.version}`, `版本 ${before.version} 至 ${after.version}`)}</h1>
${changesPart(frame, before, after)}`;
}

/** What changed between two versions, clause by clause. */
function changesPart(frame: Frame, before: PolicyDocument, after: PolicyDocument): Html {
  const { say } = frame;
  const { added, removed, changed } = changes(before, after);
  const part = (title: string, items: Html[]): Html | '' => (items.length === 0 ? '' : html`<h2>${title}</h2>${items}`);
  return html`${added.length + removed.length + changed.length === 0 ? html`<p>${say('No clause differs.', '条款无变化。')}</p>` : ''}
${part(
  say('Changed', '更改'),
  changed.map(
    (each) =>
      html`<div class="clause">${each.old === each.new ? html`<p>${each.new}</p>` : html`<p><del>${each.old}</del></p><p><ins>${each.new}</ins></p>`}
<p class="kept-by"><a href="/policy#${each.id}">${each.id}</a> ${each.rules ? say('The rule that keeps it changed.', '其执行规则已更改。') : ''}</p></div>`,
  ),
)}
${part(
  say('New', '新增'),
  added.map(
    (each) =>
      html`<div class="clause"><p><ins>${each.new}</ins></p><p class="kept-by"><a href="/policy#${each.id}">${each.id}</a></p></div>`,
  ),
)}
${part(
  say('Gone', '删除'),
  removed.map((each) => html`<div class="clause"><p><del>${each.old}</del></p><p class="kept-by">${each.id}</p></div>`),
)}`;
}
