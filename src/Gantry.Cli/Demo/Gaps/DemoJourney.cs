namespace Gantry.Cli.Demo.Gaps;

/// <summary>The journey that the shop is there for.</summary>
internal static class DemoJourney
{
    public const string Name = "purchase";

    // The published package names an inbound request of plain node:http by its method alone, so that is what RED shows.
    public const string Document = $$"""
        apiVersion: gantry/v1
        kind: Journey
        metadata: {name: {{Name}}}
        spec:
          title: Buy something
          owner: shop
          entry: {service: storefront, namespace: {{Shop.Namespace}}, operation: POST}

        """;
}
