/** A small policy with one of each: a contract, a use that needs a reason, a consent, an objection, rights. For tests of the gate. */
export const POLICY_TEXT = `
---
policy: gate-test
title: A policy to try the gate on
version: "1"
date: 2026-01-01
effective: 2026-01-01
language: en
jurisdiction: none
controller: {name: Test House, site: test.example, email: privacy@test.example, privacy_contact: privacy@test.example}
default_refusal: g-01
not_promised: [nothing]
---

# Test {#top}

\`\`\`terms
data:
  name: {label: Name, family: identity, input: text, mask: name}
  email_address: {label: E-mail, family: contact, input: email, mask: email}
  secret_note: {label: Note, family: communication, input: textarea, mask: all}
purposes:
  membership: {label: membership}
  support: {label: support}
  letters: {label: letters}
  news: {label: news}
services:
  registration: {label: Register, kind: account}
  profile: {label: Profile, kind: self}
functions:
  mailing: {label: mailing}
\`\`\`

We take in what you give. {#g-01}

\`\`\`rule
collect:
  service: registration
  data: [name, email_address]
  from: person
  for: [membership]
  basis: contract
  required: all
\`\`\`

You may leave a note. {#g-02}

\`\`\`rule
collect:
  service: registration
  data: [secret_note]
  from: person
  for: [membership]
  basis: contract
  required: none
\`\`\`

Staff may look to help you. {#g-03}

\`\`\`rule
use:
  data: [email_address, name]
  for: [support]
  basis: contract
  by: [staff]
  needs: [reason]
  show: masked
\`\`\`

We write letters if you agree. {#g-04}

\`\`\`rule
- ask:
    consent_to: [letters]
    data: [email_address]
    service: registration
    withdraw: any_time
    explicit: true
    words: {en: May we write you letters?}
- use:
    data: [email_address]
    for: [letters]
    basis: consent
    by: [function]
    functions: [mailing]
    show: clear
\`\`\`

News comes unless you object. {#g-05}

\`\`\`rule
use:
  data: [email_address]
  for: [news]
  basis: legitimate_interest
  by: [function]
  functions: [mailing]
  show: clear
  object: any_time
\`\`\`

You may see and correct. {#g-06}

\`\`\`rule
offer:
  right: [access, correction, erasure]
  data: [name, email_address, secret_note]
  proof: password
  by: person
  when: any_time
  effect: at_once
\`\`\`
`.trimStart();
