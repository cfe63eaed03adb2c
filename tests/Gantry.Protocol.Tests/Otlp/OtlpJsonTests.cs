using System.Text;
using Gantry.Protocol.Otlp.Json;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Tests.Messages;
using Gantry.Protocol.Wire;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.Otlp;

public sealed class OtlpJsonTests
{
    [Fact]
    public void Trace_request_is_read()
    {
        var theirs = Transcode<Theirs.ExportTraceServiceRequest>(OtlpSchema.Traces, """
            {
              "resourceSpans": [{
                "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "checkout" } }], "droppedAttributesCount": 1 },
                "scopeSpans": [{
                  "scope": { "name": "http", "version": "1.2.3" },
                  "spans": [{
                    "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "EEE19B7EC3C1B174", "parentSpanId": "", "traceState": "ot=th:8",
                    "name": "POST /order", "kind": 2, "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": 1544712661000000000,
                    "attributes": [], "droppedAttributesCount": 2, "flags": 257,
                    "events": [{ "timeUnixNano": "1544712660500000000", "name": "paid", "attributes": [{ "key": "ok", "value": { "boolValue": true } }] }],
                    "links": [{ "traceId": "000102030405060708090A0B0C0D0E0F", "spanId": "0001020304050607", "flags": 1 }],
                    "status": { "message": "no stock", "code": 2 }, "somethingNew": [{}, 1, null]
                  }],
                  "schemaUrl": "https://example.com/1"
                }],
                "schemaUrl": "https://example.com/2"
              }]
            }
            """);

        var span = new Theirs.Span
        {
            TraceId = Hex("5B8EFFF798038103D269B633813FC60C"),
            SpanId = Hex("EEE19B7EC3C1B174"),
            TraceState = "ot=th:8",
            Name = "POST /order",
            Kind = 2,
            StartTimeUnixNano = 1544712660000000000,
            EndTimeUnixNano = 1544712661000000000,
            DroppedAttributesCount = 2,
            Flags = 257,
            Status = new() { Message = "no stock", Code = 2 },
            Events = { new Theirs.Span.Types.Event { TimeUnixNano = 1544712660500000000, Name = "paid", Attributes = { Pair("ok", new() { BoolValue = true }) } } },
            Links = { new Theirs.Span.Types.Link { TraceId = Hex("000102030405060708090A0B0C0D0E0F"), SpanId = Hex("0001020304050607"), Flags = 1 } },
        };
        Assert.Equal(
            new Theirs.ExportTraceServiceRequest
            {
                ResourceSpans =
                {
                    new Theirs.ResourceSpans
                    {
                        Resource = new() { Attributes = { Pair("service.name", new() { StringValue = "checkout" }) }, DroppedAttributesCount = 1 },
                        ScopeSpans =
                        {
                            new Theirs.ScopeSpans { Scope = new() { Name = "http", Version = "1.2.3" }, Spans = { span }, SchemaUrl = "https://example.com/1" },
                        },
                        SchemaUrl = "https://example.com/2",
                    },
                },
            },
            theirs);
    }

    [Fact]
    public void Metric_request_with_every_kind_of_data_is_read()
    {
        var theirs = Transcode<Theirs.ExportMetricsServiceRequest>(OtlpSchema.Metrics, """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
              {"name":"g","unit":"By","description":"d","gauge":{"dataPoints":[{"asDouble":"NaN","timeUnixNano":"5"},{"asInt":"-3"},{"asInt":0}]}},
              {"name":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asDouble":1.5,"startTimeUnixNano":1,"flags":1,
                 "exemplars":[{"timeUnixNano":"9","asInt":"7","spanId":"eee19b7ec3c1b174","traceId":"5b8efff798038103d269b633813fc60c",
                    "filteredAttributes":[{"key":"a","value":{"intValue":"1"}}]}]}]}},
              {"name":"h","histogram":{"aggregationTemporality":1,"dataPoints":[{"count":"3","sum":0,"bucketCounts":["1",2,"0"],"explicitBounds":[0.5,"Infinity"],"min":0,"max":"-Infinity"}]}},
              {"name":"e","exponentialHistogram":{"dataPoints":[{"count":2,"scale":-3,"zeroCount":"1","positive":{"offset":-2,"bucketCounts":["1","18446744073709551615"]},"negative":{},"zeroThreshold":0.25}]}},
              {"name":"u","summary":{"dataPoints":[{"count":"1","sum":2.5,"quantileValues":[{"quantile":0.99,"value":3}]}]},"metadata":[{"key":"m","value":{}}]}
            ]}]}]}
            """);

        var metrics = new[]
        {
            new Theirs.Metric
            {
                Name = "g",
                Unit = "By",
                Description = "d",
                Gauge = new()
                {
                    DataPoints =
                    {
                        new Theirs.NumberDataPoint { AsDouble = double.NaN, TimeUnixNano = 5 }, new Theirs.NumberDataPoint { AsInt = -3 }, new Theirs.NumberDataPoint { AsInt = 0 },
                    },
                },
            },
            new Theirs.Metric
            {
                Name = "s",
                Sum = new()
                {
                    AggregationTemporality = 2,
                    IsMonotonic = true,
                    DataPoints =
                    {
                        new Theirs.NumberDataPoint
                        {
                            AsDouble = 1.5,
                            StartTimeUnixNano = 1,
                            Flags = 1,
                            Exemplars =
                            {
                                new Theirs.Exemplar
                                {
                                    TimeUnixNano = 9,
                                    AsInt = 7,
                                    SpanId = Hex("EEE19B7EC3C1B174"),
                                    TraceId = Hex("5B8EFFF798038103D269B633813FC60C"),
                                    FilteredAttributes = { Pair("a", new() { IntValue = 1 }) },
                                },
                            },
                        },
                    },
                },
            },
            new Theirs.Metric
            {
                Name = "h",
                Histogram = new()
                {
                    AggregationTemporality = 1,
                    DataPoints =
                    {
                        new Theirs.HistogramDataPoint
                        {
                            Count = 3, Sum = 0, BucketCounts = { 1, 2, 0 }, ExplicitBounds = { 0.5, double.PositiveInfinity }, Min = 0, Max = double.NegativeInfinity,
                        },
                    },
                },
            },
            new Theirs.Metric
            {
                Name = "e",
                ExponentialHistogram = new()
                {
                    DataPoints =
                    {
                        new Theirs.ExponentialHistogramDataPoint
                        {
                            Count = 2, Scale = -3, ZeroCount = 1, Positive = new() { Offset = -2, BucketCounts = { 1, ulong.MaxValue } }, Negative = new(), ZeroThreshold = 0.25,
                        },
                    },
                },
            },
            new Theirs.Metric
            {
                Name = "u",
                Summary = new()
                {
                    DataPoints = { new Theirs.SummaryDataPoint { Count = 1, Sum = 2.5, QuantileValues = { new Theirs.SummaryDataPoint.Types.ValueAtQuantile { Quantile = 0.99, Value = 3 } } } },
                },
                Metadata = { Pair("m", new()) },
            },
        };
        Assert.Equal(metrics, theirs.ResourceMetrics[0].ScopeMetrics[0].Metrics);
    }

    [Fact]
    public void Log_request_with_every_kind_of_value_is_read()
    {
        var theirs = Transcode<Theirs.ExportLogsServiceRequest>(OtlpSchema.Logs, """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{
              "timeUnixNano":"1","observedTimeUnixNano":2,"severityNumber":9,"severityText":"INFO","eventName":"e","flags":1,
              "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
              "body":{"kvlistValue":{"values":[
                {"key":"s","value":{"stringValue":"Gr\u00fc\u00dfe \ud83d\ude00 \" \\ \/"}},
                {"key":"b","value":{"boolValue":false}},
                {"key":"i","value":{"intValue":"-9223372036854775808"}},
                {"key":"d","value":{"doubleValue":1e-3}},
                {"key":"a","value":{"arrayValue":{"values":[{"intValue":1},{"stringValue":""},{}]}}},
                {"key":"y","value":{"bytesValue":"-_8="}},
                {"key":"n","value":null}]}}
            }]}]}]}
            """);

        var body = new Theirs.AnyValue { KvlistValue = new() };
        body.KvlistValue.Values.Add(Pair("s", new() { StringValue = "Grüße 😀 \" \\ /" }));
        body.KvlistValue.Values.Add(Pair("b", new() { BoolValue = false }));
        body.KvlistValue.Values.Add(Pair("i", new() { IntValue = long.MinValue }));
        body.KvlistValue.Values.Add(Pair("d", new() { DoubleValue = 0.001 }));
        body.KvlistValue.Values.Add(Pair("a", new()
        {
            ArrayValue = new() { Values = { new Theirs.AnyValue { IntValue = 1 }, new Theirs.AnyValue { StringValue = "" }, new Theirs.AnyValue() } },
        }));
        body.KvlistValue.Values.Add(Pair("y", new() { BytesValue = ByteString.CopyFrom(0xFB, 0xFF) }));
        body.KvlistValue.Values.Add(new Theirs.KeyValue { Key = "n" });
        Assert.Equal(
            new Theirs.LogRecord
            {
                TimeUnixNano = 1,
                ObservedTimeUnixNano = 2,
                SeverityNumber = 9,
                SeverityText = "INFO",
                EventName = "e",
                Flags = 1,
                TraceId = Hex("5B8EFFF798038103D269B633813FC60C"),
                SpanId = Hex("EEE19B7EC3C1B174"),
                Body = body,
            },
            theirs.ResourceLogs[0].ScopeLogs[0].LogRecords[0]);
    }

    [Theory]
    [InlineData("""{"resourceSpans":null}""")]
    [InlineData("""{"resource_spans":[{}]}""")] // only lowerCamelCase names are known
    [InlineData("""{"ResourceSpans":[{}]}""")]
    [InlineData(""" { "other" : {"a":[[[]]]} } """)]
    [InlineData("{}")]
    public void Null_and_unknown_names_leave_nothing(string json) =>
        Assert.Equal(new Theirs.ExportTraceServiceRequest(), Transcode<Theirs.ExportTraceServiceRequest>(OtlpSchema.Traces, json));

    [Fact]
    public void Property_names_may_be_escaped() =>
        Assert.Single(Transcode<Theirs.ExportTraceServiceRequest>(OtlpSchema.Traces, """{"\u0072esourceSpans":[{}]}""").ResourceSpans);

    [Theory]
    [InlineData("[]", "expected an object (ExportTraceServiceRequest), found an array")]
    [InlineData("null", "expected an object (ExportTraceServiceRequest), found null")]
    [InlineData("""{"resourceSpans":{}}""", "resourceSpans: expected an array, found an object")]
    [InlineData("""{"resourceSpans":[null]}""", "resourceSpans[0]: expected an object (ResourceSpans), found null")]
    [InlineData("SPAN {},{\"traceId\":\"xyz\"}", "resourceSpans[0].scopeSpans[0].spans[1].traceId: expected hex digits, found \"xyz\"")]
    [InlineData("SPAN {\"spanId\":\"abc\"}", "resourceSpans[0].scopeSpans[0].spans[0].spanId: expected hex digits, found \"abc\"")]
    [InlineData("SPAN {\"kind\":\"SPAN_KIND_SERVER\"}", "resourceSpans[0].scopeSpans[0].spans[0].kind: expected an integer from -2147483648 to 4294967295, found \"SPAN_KIND_SERVER\"")]
    [InlineData("SPAN {\"startTimeUnixNano\":-1}", "resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: expected an integer from 0 to 18446744073709551615, found -1")]
    [InlineData("SPAN {\"endTimeUnixNano\":\"18446744073709551616\"}", "resourceSpans[0].scopeSpans[0].spans[0].endTimeUnixNano: expected an integer from 0 to 18446744073709551615, found \"18446744073709551616\"")]
    [InlineData("SPAN {\"name\":5}", "resourceSpans[0].scopeSpans[0].spans[0].name: expected a string, found 5")]
    [InlineData("SPAN {\"name\":\"\\ud800\"}", "resourceSpans[0].scopeSpans[0].spans[0].name: the string is not valid Unicode")]
    [InlineData("VALUE {\"boolValue\":\"yes\"}", "resourceSpans[0].resource.attributes[0].value.boolValue: expected true or false, found \"yes\"")]
    [InlineData("VALUE {\"doubleValue\":\"much\"}", "resourceSpans[0].resource.attributes[0].value.doubleValue: expected a number, found \"much\"")]
    [InlineData("VALUE {\"intValue\":\"\\ud800\"}", "resourceSpans[0].resource.attributes[0].value.intValue: the string is not valid Unicode")]
    [InlineData("VALUE {\"intValue\":1.5}", "resourceSpans[0].resource.attributes[0].value.intValue: expected an integer from -9223372036854775808 to 9223372036854775807, found 1.5")]
    [InlineData("VALUE {\"bytesValue\":\"%%%\"}", "resourceSpans[0].resource.attributes[0].value.bytesValue: expected base64, found \"%%%\"")]
    [InlineData("VALUE {\"arrayValue\":[1]}", "resourceSpans[0].resource.attributes[0].value.arrayValue: expected an object (ArrayValue), found an array")]
    [InlineData("VALUE {\"\\ud800\":1}", "resourceSpans[0].resource.attributes[0].value: the string is not valid Unicode")]
    [InlineData("""{"resourceSpans":[""", "invalid JSON at line 1, byte 19")]
    [InlineData("{}\n{}", "invalid JSON at line 2, byte 1")]
    [InlineData("", "invalid JSON at line 1, byte 1")]
    public void Fault_names_path_value_and_what_was_expected(string json, string expected)
    {
        if (json.StartsWith("SPAN ", StringComparison.Ordinal))
        {
            json = $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{json[5..]}}]}]}]}""";
        }
        else if (json.StartsWith("VALUE ", StringComparison.Ordinal))
        {
            json = $$$"""{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":{{{json[6..]}}}}]}}]}""";
        }

        using var writer = new ProtoWriter();

        Assert.Equal(expected, OtlpJson.Transcode(OtlpSchema.Traces, Encoding.UTF8.GetBytes(json), writer));
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void Values_nested_past_what_the_scanner_takes_are_refused(int lists, bool accepted)
    {
        var value = """{"stringValue":"x"}""";
        for (var i = 0; i < lists; i++)
        {
            value = $$$"""{"arrayValue":{"values":[{{{value}}}]}}""";
        }

        var json = $$$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{{{value}}}}]}]}]}]}""";
        using var writer = new ProtoWriter();

        var fault = OtlpJson.Transcode(OtlpSchema.Traces, Encoding.UTF8.GetBytes(json), writer);

        Assert.Equal(accepted, fault is null);
        Assert.True(accepted ? SchemaValidator.IsValid(OtlpSchema.Traces, writer.Written) : fault!.EndsWith(": values are nested deeper than 64 levels", StringComparison.Ordinal), fault);
    }

    [Theory]
    [InlineData(nameof(OtlpSchema.Traces))]
    [InlineData(nameof(OtlpSchema.Metrics))]
    [InlineData(nameof(OtlpSchema.Logs))]
    public void Random_messages_written_as_JSON_come_back_equal(string request)
    {
        var (schema, descriptor) = SchemaTests.Of(request);
        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var fill = new RandomMessage(random) { MaxItems = 2 };
            IMessage message = request switch
            {
                nameof(OtlpSchema.Traces) => fill.Next<Theirs.ExportTraceServiceRequest>(),
                nameof(OtlpSchema.Metrics) => fill.Next<Theirs.ExportMetricsServiceRequest>(),
                _ => fill.Next<Theirs.ExportLogsServiceRequest>(),
            };
            using var writer = new ProtoWriter();

            var json = new ProtobufJson(random).Write(message);
            var fault = OtlpJson.Transcode(schema, Encoding.UTF8.GetBytes(json), writer);

            Assert.True(fault is null, $"seed {seed}: {fault}\n{json}");
            Assert.Equal(message, descriptor.Parser.ParseFrom(writer.Written));
        }
    }

    private static T Transcode<T>(MessageSchema schema, string json)
        where T : IMessage<T>, new()
    {
        using var writer = new ProtoWriter();
        Assert.Null(OtlpJson.Transcode(schema, Encoding.UTF8.GetBytes(json), writer));
        Assert.True(SchemaValidator.IsValid(schema, writer.Written));
        return new MessageParser<T>(() => new T()).ParseFrom(writer.Written);
    }

    private static Theirs.KeyValue Pair(string key, Theirs.AnyValue value) => new() { Key = key, Value = value };

    private static ByteString Hex(string hex) => ByteString.CopyFrom(Convert.FromHexString(hex));
}
