export { actorOf, aUser } from './user.factory';
