namespace Gantry.Hub.Sampling;

/// <summary>A policy to begin with: what an empty page offers to copy, and docs/sampling.md explains.</summary>
public static class SamplingExample
{
    public const string Yaml = """
        apiVersion: gantry/v1
        kind: SamplingPolicy
        metadata:
          name: everything
        spec:
          rules:
          - name: health-checks
            match: {operation: "GET /health*", kind: server, status: unset}
            keep: never
          - name: errors
            match: {status: error}
            keep: always
          - name: slow
            match: {kind: server, slowerThan: 500ms}
            probability: 1/2
          default:
            probability: 0.1

        """;
}
