import js from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = ['welcome', 'sell', 'code', 'sales', 'phone', 'settings', 'events', 'posters', 'pay', 'reconcile', 'drills', 'late'];
const shared = ['api', 'domain', 'live', 'messages', 'ui'];

/** Words belong in the catalogue (src/messages), where they can be counted, checked and translated. */
const words = '[\\p{L}]{2,}';
const spokenAttributes = 'aria-label|aria-description|alt|title|label|placeholder|hint|caption|fewer|more';
const noWords = [
  { selector: `JSXText[value=/${words}/u]`, message: 'Put words into src/messages.' },
  {
    selector: `JSXElement > JSXExpressionContainer > :matches(Literal[value=/${words}/u], TemplateLiteral:has(TemplateElement[value.raw=/${words}/u]))`,
    message: 'Put words into src/messages.',
  },
  {
    selector: `JSXAttribute[name.name=/^(${spokenAttributes})$/] > :matches(Literal, JSXExpressionContainer > Literal)[value=/${words}/u]`,
    message: 'Put words into src/messages.',
  },
  {
    selector: `JSXAttribute[name.name=/^(${spokenAttributes})$/] > JSXExpressionContainer > TemplateLiteral:has(TemplateElement[value.raw=/${words}/u])`,
    message: 'Put words into src/messages.',
  },
];

/** What crashes the desktop window: Wails dies of a Blob or FormData sent to wails://. */
const noBlobs = ['Blob', 'FormData', 'File'].map((name) => ({
  name,
  message: 'Sending it crashes the desktop window; send JSON or an ArrayBuffer.',
}));

export default tseslint.config(
  { ignores: ['dist', 'src/api/schema.d.ts', 'playwright-report', 'test-results', 'e2e/screenshots'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  importX.flatConfigs.recommended,
  importX.flatConfigs.typescript,
  reactHooks.configs.flat['recommended-latest'],
  jsxA11y.flatConfigs.recommended,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js'] } } },
    settings: {
      'import-x/resolver-next': [
        importX.createNodeResolver({
          alias: { '~': [`${import.meta.dirname}/src`] },
          extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.json', '.css'],
        }),
      ],
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'import-x/no-unresolved': ['error', { ignore: ['^virtual:', '\\?'] }],
      'import-x/default': 'off',
      'import-x/namespace': 'off',
      'import-x/no-named-as-default': 'off',
      'import-x/no-named-as-default-member': 'off',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'off',
      'import-x/order': [
        'error',
        {
          groups: [['builtin', 'external'], 'internal', ['parent', 'sibling', 'index']],
          pathGroups: [{ pattern: '~/**', group: 'internal' }],
          'newlines-between': 'never',
        },
      ],
      'jsx-a11y/no-autofocus': ['error', { ignoreNonDOM: true }],
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['tabpanel', 'group'] }],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', ...noBlobs],
      'no-restricted-syntax': ['error', ...noWords],
      'no-console': 'error',
      // It speaks to the React Compiler, which is not used.
      'react-hooks/incompatible-library': 'off',
    },
  },
  {
    // shared → features → app; features know nothing of each other, and nothing knows the app.
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.test.{ts,tsx}', 'src/testkit/**'],
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: import.meta.dirname,
          zones: [
            ...shared.map((one) => ({
              target: `./src/${one}`,
              from: ['./src/features', './src/app', './src/testkit'],
              message: 'What is shared knows neither features nor the app.',
            })),
            ...features.map((one) => ({
              target: `./src/features/${one}`,
              from: ['./src/features', './src/app', './src/testkit'],
              except: [`./${one}`],
              message: 'A feature knows what is shared and nothing else; the app puts features together.',
            })),
            {
              target: './src/domain',
              from: ['./src/ui', './src/live', './src/messages'],
              message: 'The domain is pure.',
            },
            { target: './src/app', from: './src/testkit', message: 'The testkit is for tests.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/testkit/**', 'e2e/**', '*.ts', '*.js'],
    rules: {
      'no-restricted-syntax': 'off',
      'no-console': 'off',
      'react-hooks/rules-of-hooks': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
