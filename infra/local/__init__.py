"""The stack on this machine: the synthesized template on moto, its functions as processes.

    python -m infra.local --port 8080

`infra.synthesis` makes the template and its assets. What AWS does is moto's work where moto does
it, and a file here where it does not:
    moto_server     moto behind a socket, in an account of its own
    moto_answers    how it answers a request: sooner than its own server does
    requests_seen   what functions ask, as rights that AWS would want to see
    moto_repairs    what moto gets wrong, each repair with its reason
    moto_aliases    aliases of functions, which its CloudFormation does not know
    moto_speech     what its Polly says and its Transcribe hears
    template        what moto cannot create, replaced by name
    deploy          assets, then the stack
    code_store      code and layers, unzipped
    lambda_process  one execution environment; bootstrap.py is what runs in it
    lambda_runtime  invocations: warm processes, time limits, retries of events
    faults          deaths and double deliveries on order, for tests
    events          EventBridge: ends of executions and schedules, to functions
    front           API Gateway and CloudFront
    stack           all of it, running
"""
