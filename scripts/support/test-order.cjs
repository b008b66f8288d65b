const Sequencer = require('@jest/test-sequencer').default;

/** What waits longest begins first, so that short files fill the end; chaos lies between, and never piles up. */
const KINDS = ['e2e', 'medium', 'architecture', 'unit'];
const FILES_PER_CHAOS = 3;

/** The order of test files: by kind, in a kind by what they took last time, else by their size. */
class TestOrder extends Sequencer {
  sort(tests) {
    const known = super.sort(tests);
    const kind = ({ context }) => context.config.displayName?.name ?? '';
    const isChaos = (test) => kind(test) === 'chaos';
    const place = (test) => (KINDS.indexOf(kind(test)) + KINDS.length + 1) % (KINDS.length + 1);
    const others = known.filter((test) => !isChaos(test)).sort((a, b) => place(a) - place(b));
    for (const [index, test] of known.filter(isChaos).entries()) others.splice(index * (FILES_PER_CHAOS + 1), 0, test);
    return others;
  }
}

module.exports = TestOrder;
