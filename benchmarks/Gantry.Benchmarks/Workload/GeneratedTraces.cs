namespace Gantry.Benchmarks.Workload;

/// <summary>Traces of the recordings' shape, for where there are no recordings: ten services, 43 operations, about 48 spans a trace.</summary>
internal static class GeneratedTraces
{
    // Service: operations that it serves; an operation with a slash is called over RPC, others stay inside.
    private static readonly (string Service, string[] Operations)[] Services =
    [
        ("frontend", ["Recv.", "Render", "Session", "Locale"]),
        ("productcatalogservice", ["GetProduct", "ListProducts", "SearchProducts", "ReadCatalog", "ParseCatalog", "sql.conn.query", "sql.rows"]),
        ("currencyservice", ["Convert", "GetSupportedCurrencies", "GetCurrencyData", "Carry"]),
        ("cartservice", ["GetCart", "AddItem", "EmptyCart", "cache.get", "cache.set"]),
        ("adservice", ["GetAds", "getAdsByCategory", "getRandomAds", "SELECT addatabase.aditems"]),
        ("recommendationservice", ["ListRecommendations", "rank"]),
        ("shippingservice", ["GetQuote", "ShipOrder", "CreateQuoteFromCount", "CreateQuoteFromFloat", "QuoteByCountFloat"]),
        ("checkoutservice", ["PlaceOrder", "PrepOrderItems", "ConvertCurrency", "ChargeCard", "QuoteShipping", "GetUserCart", "EmptyUserCart", "SendConfirmation"]),
        ("paymentservice", ["Charge", "validate"]),
        ("emailservice", ["SendOrderConfirmation", "template"]),
    ];

    public static List<SpanRow> Make(int traces)
    {
        var random = new Random(20220822);
        var rows = new List<SpanRow>();
        for (var i = 0; i < traces; i++)
        {
            Trace(rows, random, 1_661_140_434_000_000_000UL + ((ulong)i * 100_000_000));
        }

        return rows;
    }

    private static void Trace(List<SpanRow> rows, Random random, ulong start)
    {
        var trace = Hex(random, 16);
        var root = new SpanRow(trace, Hex(random, 8), "", "frontend-579b9bff58-t2dbm", "hipstershop.Frontend/Recv.", start, start + (ulong)random.NextInt64(1_000_000, 3_000_000_000));
        rows.Add(root);
        for (var left = random.Next(35, 61); left > 0;)
        {
            // A call: the caller's span, the callee's, and what the callee does inside.
            var (service, operations) = Services[random.Next(1, Services.Length)];
            var operation = $"hipstershop.{service}/{operations[random.Next(operations.Length)]}";
            var client = Child(root, root.Pod, operation, random);
            var server = Child(client, $"{service}-5f6585d649-fnmft", operation, random);
            rows.Add(client);
            rows.Add(server);
            left -= 2;
            for (var inner = random.Next(4); inner > 0 && left > 0; inner--, left--)
            {
                rows.Add(Child(server, server.Pod, operations[random.Next(operations.Length)], random));
            }
        }
    }

    private static SpanRow Child(SpanRow parent, string pod, string operation, Random random)
    {
        var length = parent.EndNano - parent.StartNano;
        var start = parent.StartNano + (ulong)(random.NextDouble() * 0.5 * length);
        return new SpanRow(parent.Trace, Hex(random, 8), parent.Span, pod, operation, start, start + (ulong)(random.NextDouble() * 0.5 * length));
    }

    private static string Hex(Random random, int bytes)
    {
        var id = new byte[bytes];
        random.NextBytes(id);
        id[0] |= 1;
        return Convert.ToHexStringLower(id);
    }
}
