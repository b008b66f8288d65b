import { type ResourcePlan } from '../resource-plan.ts';
import { repositoryDefaults } from './entity.ts';

/** Named queries; who sees what is decided here. */
export function repositoryTemplate(plan: ResourcePlan): string {
  const { many, one, shared, up } = plan;
  const [rows, actor, scope] = shared ? ['all', '_actor', ''] : ['own', 'actor', 'owner: ownerScope(actor)'];
  const whose = shared ? `the ${many.words}` : `the actor's ${many.words}`;
  const defaults = repositoryDefaults(plan);
  const given = [one.pascal, ...(defaults ? [`{ defaults: { ${defaults} } }`] : [])].join(', ');
  const key = scope ? `{ id, ${scope} }` : '{ id }';
  return `
import { Injectable } from '@nestjs/common';
import { repositoryOf } from '@platform/database';
import { type Actor${shared ? '' : ', ownerScope'}, type Page, type PageQuery } from '@platform/kernel';
import { ${one.pascal} } from '${up}entities/${one.kebab}.entity';

/** Named queries on ${many.words}. Every lookup takes the actor and sees what the actor may see${shared ? ': all of them' : ''}. */
@Injectable()
export class ${one.pascal}Repository extends repositoryOf(${given}) {
  private readonly ${rows} = this.rows('${shared ? 'TRUE' : 'owner_id = :owner'}');
  private readonly newest = this.${rows}.orderedBy('created_at DESC');

  /** One of ${whose}. @throws NotFound when missing${shared ? '' : " or somebody else's"} */
  mustFind(${actor}: Actor, id: string): Promise<${one.pascal}> {
    return this.${rows}.mustFind(${key});
  }

  /** As {@link mustFind}, held until the transaction ends. @throws PreconditionFailed when \`version\` is not the present one */
  mustLock(${actor}: Actor, id: string, version?: number): Promise<${one.pascal}> {
    return this.${rows}.mustLock(${key}, version);
  }

  /** ${shared ? `All ${many.words}` : `The actor's ${many.words}`}, newest first. @throws ValidationFailed for a cursor of another list */
  pageVisibleTo(${actor}: Actor, query: PageQuery): Promise<Page<${one.pascal}>> {
    return this.newest.page(${scope ? `{ ${scope} }` : '{}'}, query);
  }
}`;
}
