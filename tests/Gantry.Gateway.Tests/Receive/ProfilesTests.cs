using System.Net;
using System.Text;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Receive;

/// <summary>Profiles are passed through: their wrapping is read, their content is nobody's business here.</summary>
public class ProfilesTests
{
    private const string Path = "/v1development/profiles";
    private const string Service = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";

    [Fact]
    public async Task Over_http_they_are_counted()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Path, Request())).Status);

        await SeenAsync(gateway);
    }

    [Fact]
    public async Task Over_grpc_they_are_counted()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal("0", (await GrpcCall.SendAsync(gateway.Grpc, Service, GrpcCall.Frame(Request()))).Status);

        await SeenAsync(gateway);
    }

    [Fact]
    public async Task As_json_they_are_refused_and_told_why()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync(Path, "{}"u8.ToArray(), "application/json");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("send application/x-protobuf", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_wrapping_is_400_and_says_where()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync(Path, Request()[..^1]);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("malformed protobuf", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
    }

    /// <summary>Request {resource_profiles = 1 {resource = 1, scope_profiles = 2 {profiles = 2}}, dictionary = 2}, with fields of no release in the profile.</summary>
    private static byte[] Request()
    {
        using var writer = new ProtoWriter();
        var block = writer.Begin(1);
        var resource = writer.Begin(1);
        var attribute = writer.Begin(1);
        writer.String(1, "service.name");
        var value = writer.Begin(2);
        writer.String(1, "shop");
        writer.End(value);
        writer.End(attribute);
        writer.End(resource);
        var scope = writer.Begin(2);
        for (var i = 0; i < 3; i++)
        {
            var profile = writer.Begin(2);
            writer.Bytes(3, [0xFF, 0xFE, 0x80]);
            writer.Fixed64(77, 1);
            writer.End(profile);
        }

        writer.End(scope);
        writer.End(block);
        writer.Bytes(2, [0x2A, 0x00]);
        return writer.ToArray();
    }

    private static Task SeenAsync(GatewayFixture gateway) => Eventually.True(
        "3 profiles of the service are seen",
        () => gateway.Sink.Reports.SelectMany(report => report.Sources).Any(source => source.Signals.Any(seen => seen is { Signal: Signal.Profiles, Items: 3 })));
}
