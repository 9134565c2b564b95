"""Step Functions: roles of tasks, refusals on creation, logs."""

import role_use
import state_machine_calls
import state_machine_checks
import state_machine_logs
from ministack.services import stepfunctions
from patching import Patch

PATCHES = [
    Patch(
        name="state-machine-role",
        module=stepfunctions,
        attribute="_execute_task",
        sha256="53c818d247dba62c49b82c78ad185f18083422f2bc30168836d7b4f2dae28d9a",
        replace=state_machine_calls.remember_role,
        behaviour="Tasks run as the state machine's role; $$.Execution has RoleArn and RedriveCount",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="state-machine-calls",
        module=stepfunctions,
        attribute="_invoke_resource",
        sha256="a85d2be9a8584ce0f8660e27ccc9e1687a5f5d167a727613b8ee0c90bdd53d69",
        replace=state_machine_calls.with_role,
        behaviour="Tasks are calls signed with the role's session, so IAM judges them; SageMaker jobs with .sync are polled to their end; errors have the names of Step Functions",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="state-machine-create",
        module=stepfunctions,
        attribute="_create_state_machine",
        sha256="4bc1231dda6925d21e113eb9e2e1bf3d54839926a1c415de258f31b77cf5c583",
        replace=state_machine_checks.checked,
        behaviour="Refuses a role that states.amazonaws.com may not assume, that may not deliver logs or make managed rules, and transitions that lead nowhere",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-update",
        module=stepfunctions,
        attribute="_update_state_machine",
        sha256="476e0deee6a3d66bcf5d5dc6b5ae2c97613cbb35aa0d9b013da782b538c4ef2e",
        replace=state_machine_checks.checked,
        behaviour="As on creation",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-logs",
        module=stepfunctions,
        attribute="_run_execution",
        sha256="996dff84e0e0605ae3ffb450d0dfa0adc150caa811d0715fc2d4eb7cf28a1648",
        replace=state_machine_logs.delivered,
        behaviour="The history of an execution is delivered to its log group by level",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="pass-role-states",
        module=stepfunctions,
        attribute="handle_request",
        sha256="efa6e8c4532a9e05de1d5c451ba1609388c4cb6662e72df46f3fb9158a84e9c4",
        replace=role_use.for_state_machines,
        behaviour="Creating a state machine needs iam:PassRole on its role",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        test="roleUse.cloud.ts",
    ),
]
