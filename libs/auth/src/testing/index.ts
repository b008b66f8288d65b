export { aSignIn, TEST_PASSWORD } from './sign-in.factory';
