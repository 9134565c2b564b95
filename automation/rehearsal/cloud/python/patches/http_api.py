"""API Gateway in front of the functions."""

import http_api
from ministack.services import apigateway
from patching import Patch

PATCHES = [
    Patch(
        name="api-preflight",
        module=apigateway,
        attribute="_cors_preflight_response",
        sha256="48dec7964484f35a7ff725b8ec2456cbf7de8ab6d89ec33b486fae54686b031e",
        replace=http_api.preflight,
        behaviour="Preflights are answered by the gateway; an origin that is not allowed gets no headers; without a CORS configuration there is no such answer",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",
        test="httpApi.cloud.ts",
    ),
    Patch(
        name="api-own-headers",
        module=apigateway,
        attribute="_invoke_lambda_proxy",
        sha256="fbe5024fcd36643f48b24c6bf405e6d4983503748de1da69b3ab63358fd015d1",
        replace=http_api.own_headers,
        behaviour="With a CORS configuration, headers of a function about CORS are ignored",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",
        test="httpApi.cloud.ts",
    ),
    Patch(
        name="api-throttling",
        module=apigateway,
        attribute="_handle_execute_in_scope",
        sha256="aa60b8b0dfaafaa2880d52a7b62fe8ed3f6d92c0e26da47c26f64747d156f6b0",
        replace=http_api.throttled,
        behaviour="Requests above rate and burst of a route get 429",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
        test="httpApi.cloud.ts",
    ),
    Patch(
        name="api-tokens",
        module=apigateway,
        attribute="_verify_rs256_signature",
        sha256="2d63ffe79e067d66b0d4cf28487259073752dbba006f02fddb1463f77da3258c",
        replace=http_api.verified,
        behaviour="A token is accepted when a key of its issuer signed it",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html",
        test="httpApi.cloud.ts",
    ),
]
