/** A small policy that has everything in it, for the tests of this package. */
export const SHOP = `---
policy: shop
title: {en: The shop's privacy policy, zh: 商店隐私政策}
version: "1"
date: 2026-01-31
effective: 2026-02-01
language: en
controller: {name: Shop Ltd, site: shop.example, email: privacy@shop.example}
default_refusal: s-private
not_promised: [A reply time, {en: Deletion, zh: 删除}]
settings:
  cell_size: {value: 5, unit: people, why: The text names no figure.}
---

# Privacy

This policy is for visitors of the shop. See [accounts](#s-account) and [sharing](#sharing). {#s-scope}

\`\`\`rule
state: scope
\`\`\`

> A remark of ours: see [the standard](https://example.org/standard).

\`\`\`terms
data:
  personal: {label: {en: Personal information, zh: 个人信息}, group: true}
  contact: {label: Contact details, group: true, in: personal}
  name: {label: {en: Name, zh: 姓名}, input: text, mask: name, in: contact, max: 80}
  email: {label: {en: E-mail address, zh: 电子邮件地址}, input: email, mask: email, in: contact, dpv: "pd:EmailAddress"}
  fax: {label: Fax number, input: tel, mask: phone, in: contact}
  password: {label: Password, input: password, sensitive: true, in: personal}
  note: {label: Your question, input: textarea}
  pages: {label: Pages viewed}
  visitor_code: {label: Visitor code}
purposes:
  service: {label: {en: running the shop, zh: 经营商店}}
  marketing: {label: {en: marketing, zh: 营销}, group: true}
  partner_marketing: {label: {en: partner marketing, zh: 合作伙伴营销}, in: marketing}
  legal: {label: legal duties}
  answering: {label: answering questions}
  measuring: {label: measuring visits}
recipients:
  outside: {label: Anyone outside, group: true}
  partners: {label: {en: business partners, zh: 合作伙伴}, in: outside}
  courts: {label: Courts, in: outside}
services:
  registration: {label: {en: Registration, zh: 注册}, kind: account}
  question: {label: Questions, kind: queue, mailbox: privacy@shop.example}
  browsing: {label: Browsing, kind: public}
functions:
  mailer: {label: The mailer}
  page_counter: {label: The page counter}
cookies:
  visit: {label: Visit cookie, class: statistics, lasts: session, holds: opaque}
measures:
  visits: {label: Number of visits}
\`\`\`

## Accounts {#accounts}

- We ask for your name and e-mail address. {#s-account}

  \`\`\`rule
  - collect: {service: registration, data: [name, email], for: [service], basis: contract, required: all}
  - use: {data: [name, email], for: service, basis: contract, by: [staff, function], functions: [mailer]}
  \`\`\`

- You may give a fax number, or say that you have none, and you choose a password. {#s-more}

  \`\`\`rule
  - collect: {service: registration, data: [fax, password], for: service, basis: contract, required: all, accept_none: [fax]}
  - use: {data: [fax], for: service, basis: contract, by: staff, show: clear, needs: reason}
  - use: {data: [password], for: service, basis: contract, functions: [mailer]}
  \`\`\`

We write to you about offers until you tell us to stop. {#s-offers}

\`\`\`rule
use: {data: email, for: marketing, basis: legitimate_interest, functions: [mailer], object: any_time}
\`\`\`

Staff never see a password. {#s-password}

\`\`\`rule
forbid: {actions: use, data: password, by: staff}
\`\`\`

You can see and correct what you gave. {#s-rights}

\`\`\`rule
offer: {right: [access, correction], data: personal, proof: password, when: any_time, effect: at_once}
\`\`\`

## Sharing

Personal information stays with us. {#s-private}

\`\`\`rule
forbid: {actions: [share, disclose], data: personal, to: outside, unless: [s-partners, s-law]}
\`\`\`

Partners get your e-mail address for their offers if you agree. {#s-partners}

\`\`\`rule
- share: {data: email, to: partners, for: partner_marketing, basis: consent, withdraw: any_time}
- ask: {consent_to: partner_marketing, to: partners, data: email, service: registration, per: recipient, withdraw: any_time, words: {en: Partners may write to me., zh: 合作伙伴可以给我写信。}}
\`\`\`

Courts get what the law demands. {#s-law}

\`\`\`rule
disclose: {data: personal, to: courts, for: legal, ground: legal, needs: [reference, officer], one_release: true}
\`\`\`

## Safety

Nothing sent over the Internet is wholly safe. {#s-caveat}

\`\`\`rule
tell: {what: caveat, at: personal_forms, before: submit, acknowledge: true, words: {en: Nothing is wholly safe., zh: 没有绝对的安全。}}
\`\`\`

Personal information travels over secured connections. {#s-tls}

\`\`\`rule
protect: {data: personal, by: [tls, sealed, access_logged]}
\`\`\`

## Questions and visits

Ask us anything, without an account. {#s-ask}

\`\`\`rule
- contact: {service: question, mailbox: privacy@shop.example, queue: privacy, reference: true, follow: true, account: not_needed, deadline: none_promised, channels: [web, post]}
- collect: {service: question, data: [note, email], for: answering, basis: not_stated, required: [note]}
- use: {data: [note, email], for: answering, basis: not_stated, by: staff, show: clear}
\`\`\`

We count visits with a cookie that you may refuse, and never join it to you. {#s-visits}

\`\`\`rule
- collect: {service: browsing, data: [pages, visitor_code], from: device, for: measuring, basis: not_stated, functions: page_counter}
- count: {measures: visits, from: [pages, visitor_code], for: measuring, cell: cell_size}
- cookie: {name: visit, class: statistics, lasts: session, holds: opaque, for: measuring, refusable: true}
- forbid: {actions: link, data: visitor_code, with: personal}
\`\`\`
`;
