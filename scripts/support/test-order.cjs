const Sequencer = require('@jest/test-sequencer').default;

/** What waits longest begins first, so that short files fill the end. */
const KINDS = ['e2e', 'chaos', 'medium', 'architecture', 'unit'];
/** Chaos keeps a core busy: its files lie between others. */
const FILES_PER_CHAOS = 3;

/** The order of test files: by kind, in a kind by what they took last time, else by their size. */
class TestOrder extends Sequencer {
  sort(tests) {
    const kind = ({ context }) => KINDS.indexOf(context.config.displayName?.name);
    const known = super.sort(tests);
    const isChaos = (test) => kind(test) === KINDS.indexOf('chaos');
    const ordered = known.filter((test) => !isChaos(test)).sort((a, b) => kind(a) - kind(b));
    const chaos = known.filter(isChaos);
    for (const [index, test] of chaos.entries()) ordered.splice(index * (FILES_PER_CHAOS + 1), 0, test);
    return ordered;
  }
}

module.exports = TestOrder;
