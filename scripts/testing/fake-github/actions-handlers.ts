/**
 * Settings of Actions: which actions may run, what the job token may do by default, the subject of OIDC tokens.
 *
 * Source: https://docs.github.com/en/rest/actions/permissions and …/actions/oidc
 */
import { type Handlers, required } from './handlers.ts';
import { reads, writes } from './permissions.ts';
import { refuse } from './refusals.ts';

const DONE = { status: 204, body: undefined } as const;

export const actionsHandlers = {
  'get /repos/{owner}/{repo}/actions/permissions': {
    needs: reads('administration'),
    answer: ({ repository }) => ({ status: 200, body: { ...repository.actions } }),
  },
  'put /repos/{owner}/{repo}/actions/permissions': {
    needs: writes('administration'),
    answer({ repository, body }) {
      const enabled = required(body.enabled, 'ActionsPermissions', 'enabled');
      repository.actions = enabled
        ? { ...repository.actions, ...body, enabled }
        : // Which actions may run is no question where none may.
          { enabled, sha_pinning_required: body.sha_pinning_required ?? false };
      return DONE;
    },
  },
  'get /repos/{owner}/{repo}/actions/permissions/selected-actions': {
    needs: reads('administration'),
    answer({ repository }) {
      if (repository.actions.allowed_actions !== 'selected') {
        throw refuse.conflict('The repository’s allowed actions policy is not set to "selected".');
      }
      return { status: 200, body: repository.selectedActions };
    },
  },
  'put /repos/{owner}/{repo}/actions/permissions/selected-actions': {
    needs: writes('administration'),
    answer({ repository, body }) {
      if (repository.actions.allowed_actions !== 'selected') {
        throw refuse.conflict('The repository’s allowed actions policy is not set to "selected".');
      }
      repository.selectedActions = { ...repository.selectedActions, ...body };
      return DONE;
    },
  },
  'get /repos/{owner}/{repo}/actions/permissions/workflow': {
    needs: reads('administration'),
    answer: ({ repository }) => ({ status: 200, body: { ...repository.workflowPermissions } }),
  },
  'put /repos/{owner}/{repo}/actions/permissions/workflow': {
    needs: writes('administration'),
    answer({ repository, body }) {
      const level = body.default_workflow_permissions;
      if (level !== undefined && level !== 'read' && level !== 'write') {
        throw refuse.invalidField('WorkflowPermissions', 'default_workflow_permissions');
      }
      repository.workflowPermissions = { ...repository.workflowPermissions, ...body };
      return DONE;
    },
  },
  'get /repos/{owner}/{repo}/actions/oidc/customization/sub': {
    needs: reads('actions'),
    answer: ({ repository }) => ({ status: 200, body: { ...repository.oidcSubject } }),
  },
  'put /repos/{owner}/{repo}/actions/oidc/customization/sub': {
    needs: writes('actions'),
    answer({ repository, body }) {
      const use_default = required(body.use_default, 'OidcSubject', 'use_default');
      repository.oidcSubject = { ...body, use_default };
      return { status: 201, body: {} };
    },
  },
} as const satisfies Handlers;
