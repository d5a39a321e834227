import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of a group's projects: what waits much runs beside what works much, and the stack has some seconds to start. */
const projects = ['infra', 'stack', 'api'];

/** What takes longest, by the ends of file names: begun late, it would go on alone when all else has ended. */
const longest = [
  'stack/sweep',
  'stack/examples',
  'stack/auth',
  'stack/walk-accounts',
  'stack/walk-keys',
  'faults/kill-points',
  'faults/kill-points-of-member-lists',
  'faults/faults-of-consumers',
  'functions/jobs/purge-deleted',
  'local/start',
  'local/local-stack',
  'contract/document',
];

const placeOf = ({ moduleId }: TestSpecification) => {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? longest.length : place;
};

/** The order in which files begin; what is not said here is as Vitest has it. */
export class RunOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => {
      const [group, otherGroup] = [one, other].map(({ project }) => project.config.sequence.groupOrder);
      if (group !== otherGroup) return (group ?? 0) - (otherGroup ?? 0);
      if (one.project !== other.project)
        return projects.indexOf(one.project.name) - projects.indexOf(other.project.name);
      return placeOf(one) - placeOf(other);
    });
  }
}
