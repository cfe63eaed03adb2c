using Google.Protobuf;

namespace Gantry.Benchmarks.Workload;

/// <summary>Gives a recorded span what the recording lacks and an SDK would send: kind, status, flags and about twelve attributes.</summary>
internal static class SpanDressing
{
    private const int Server = 2;
    private const int Client = 3;
    private const int Internal = 1;

    public static Theirs.Span Dress(SpanRow row)
    {
        var kind = KindOf(row);
        var noise = Noise(row.Span);
        var failed = noise % 97 == 0;
        var span = new Theirs.Span
        {
            TraceId = ByteString.CopyFrom(Convert.FromHexString(row.Trace)),
            SpanId = ByteString.CopyFrom(Convert.FromHexString(row.Span)),
            ParentSpanId = ByteString.CopyFrom(Convert.FromHexString(row.Parent)),
            Name = row.Operation,
            Kind = kind,
            StartTimeUnixNano = row.StartNano,
            EndTimeUnixNano = row.EndNano,
            Flags = kind == Server && row.Parent.Length > 0 ? 0x301U : 0x101U,
        };
        if (failed)
        {
            span.Status = new() { Code = 2, Message = "deadline exceeded" };
        }

        if (row.Operation.EndsWith("Recv.", StringComparison.Ordinal))
        {
            Http(span, noise, failed);
        }
        else if (row.Operation.StartsWith("sql", StringComparison.Ordinal) || row.Operation.StartsWith("SELECT", StringComparison.Ordinal))
        {
            Database(span, row.Operation);
        }
        else
        {
            Rpc(span, row.Operation, noise, failed);
        }

        Add(span, "thread.id", 1 + (noise % 64));
        Add(span, "thread.name", $"grpc-default-executor-{noise % 64}");
        return span;
    }

    public static void Add(Google.Protobuf.Collections.RepeatedField<Theirs.KeyValue> attributes, string key, object value) => attributes.Add(new Theirs.KeyValue
    {
        Key = key,
        Value = value is string text ? new() { StringValue = text } : new() { IntValue = Convert.ToInt64(value) },
    });

    private static void Add(Theirs.Span span, string key, object value) => Add(span.Attributes, key, value);

    /// <summary>The side that owns the operation serves it; another side that names it calls it; what has no slash stays inside.</summary>
    private static int KindOf(SpanRow row)
    {
        if (row.Operation.StartsWith("sql", StringComparison.Ordinal) || row.Operation.StartsWith("SELECT", StringComparison.Ordinal))
        {
            return Client;
        }

        var slash = row.Operation.IndexOf('/', 1);
        if (slash < 0)
        {
            return Internal;
        }

        var owner = row.Operation[..slash];
        owner = owner[(owner.LastIndexOf('.') + 1)..];
        return row.Pod.StartsWith(owner, StringComparison.OrdinalIgnoreCase) ? Server : Client;
    }

    private static void Http(Theirs.Span span, int noise, bool failed)
    {
        Add(span, "http.request.method", noise % 5 == 0 ? "POST" : "GET");
        Add(span, "url.scheme", "http");
        Add(span, "url.path", $"/product/{noise % 1000:D4}");
        Add(span, "http.route", "/product/{id}");
        Add(span, "http.response.status_code", failed ? 500 : 200);
        Add(span, "server.address", "www.hipstershop.example");
        Add(span, "server.port", 8080);
        Add(span, "client.address", $"10.1.{noise % 250}.{noise % 199}");
        Add(span, "user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)");
        Add(span, "network.protocol.version", "1.1");
    }

    private static void Rpc(Theirs.Span span, string operation, int noise, bool failed)
    {
        var slash = operation.LastIndexOf('/');
        Add(span, "rpc.system", "grpc");
        Add(span, "rpc.service", slash > 0 ? operation[..slash] : "hipstershop");
        Add(span, "rpc.method", operation[(slash + 1)..]);
        Add(span, "rpc.grpc.status_code", failed ? 4 : 0);
        Add(span, "server.address", "productcatalogservice");
        Add(span, "server.port", 3550);
        Add(span, "network.peer.address", $"10.1.{noise % 250}.{noise % 199}");
        Add(span, "network.peer.port", 30_000 + (noise % 30_000));
        Add(span, "network.transport", "tcp");
        Add(span, "network.type", "ipv4");
    }

    private static void Database(Theirs.Span span, string operation)
    {
        Add(span, "db.system.name", "mysql");
        Add(span, "db.namespace", "productdb");
        Add(span, "db.operation.name", "SELECT");
        Add(span, "db.collection.name", "products");
        Add(span, "db.query.text", "SELECT id, name, description, picture, price FROM products WHERE id = ?");
        Add(span, "db.query.summary", operation);
        Add(span, "server.address", "mysql.hipstershop.svc");
        Add(span, "server.port", 3306);
        Add(span, "network.transport", "tcp");
    }

    private static int Noise(string spanId) => (int)(Convert.ToUInt64(spanId, 16) % 1_000_003);
}
