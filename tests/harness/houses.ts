/** What the two houses call the same thing: a message about the policy, without an account. */
export const HOUSES = [
  {
    policy: 'haier',
    service: 'concern',
    clause: 'haier-15a',
    mailbox: 'Webmaster',
    clauses: 20,
    zh: '海尔集团隐私声明',
    values: { feedback_content: 'Line one about cookies.\nLine two: 有一个问题 & <b>no</b> "answer".' },
    acknowledge: false,
    ownWords: true,
    remembers: false,
  },
  {
    policy: 'made-in-china',
    service: 'question',
    clause: 'mic-39',
    mailbox: 'privacy@Made-in-China.com',
    clauses: 44,
    zh: '中国制造网隐私政策',
    values: {
      email_address: 'asker.of-things@example.org',
      feedback_content: 'Who reads my <i>profile</i>?\n谁会看我的资料？',
    },
    acknowledge: true,
    ownWords: false,
    remembers: true,
  },
] as const;
