using Gantry.Gateway.Forward;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Forward;

public class DestinationUrlTests
{
    [Theory]
    [InlineData("http://host:5318", "http://host:5318/", DestinationProtocol.Http, "host-5318")]
    [InlineData("https://host/otlp", "https://host/otlp", DestinationProtocol.Http, "host-443")]
    [InlineData("grpc://host", "http://host:4317/", DestinationProtocol.Grpc, "host-4317")]
    [InlineData("grpcs://host:443", "https://host/", DestinationProtocol.Grpc, "host-443")]
    [InlineData("grpc://[::1]:9", "http://[::1]:9/", DestinationProtocol.Grpc, "--1-9")]
    public void The_scheme_says_protocol_and_tls(string text, string endpoint, DestinationProtocol protocol, string name)
    {
        Assert.True(DestinationUrl.TryParse(text, out var options, out _));

        Assert.Equal((endpoint, protocol, name), (options.Endpoint.AbsoluteUri, options.Protocol, options.Name));
        Assert.Empty(DestinationOptions.ValidateAll([options]));
    }

    [Fact]
    public void Every_setting_is_read()
    {
        Assert.True(DestinationUrl.TryParse(
            "grpc://h:1?compression=zstd&name=tempo&required=false&spool=2GiB&spool-age=36h&spool-folder=%2Fa%20b&signals=traces,profiles"
            + "&header=Authorization:env:TOKEN&header=X-Scope-OrgID:file:/run/org:1&timeout=1500ms",
            out var options,
            out _));

        Assert.Equal(DestinationCompression.Zstd, options.Compression);
        Assert.Equal("tempo", options.Name);
        Assert.False(options.Required);
        Assert.Equal(new SpoolOptions { Folder = "/a b", MaxBytes = 2L << 30, MaxAge = TimeSpan.FromHours(36) }, options.Spool);
        Assert.Equal([Signal.Traces, Signal.Profiles], options.Signals);
        Assert.Equal(
            [new DestinationHeader("Authorization", HeaderPlace.Variable, "TOKEN"), new DestinationHeader("X-Scope-OrgID", HeaderPlace.File, "/run/org:1")], options.Headers);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), options.Timeout);
    }

    [Theory]
    [InlineData("localhost", "'localhost'", "http://")]
    [InlineData("ftp://h", "'ftp://h'", "grpc://")]
    [InlineData("grpc://h/v1/traces", "/v1/traces", "no path")]
    [InlineData("http://h?compress=gzip", "'compress'", "compression")]
    [InlineData("http://h?compression=snappy", "'snappy'", "zstd")]
    [InlineData("http://h?compression=1", "'1'", "zstd")]
    [InlineData("http://h?required=yes", "'yes'", "true or false")]
    [InlineData("http://h?signals=spans", "'spans'", "traces,metrics")]
    [InlineData("http://h?timeout=10", "'10'", "10s")]
    [InlineData("http://h?spool=1G", "'1G'", "20GiB")]
    [InlineData("http://h?spool=1GiB&spool-age=1w", "'1w'", "24h")]
    [InlineData("http://h?spool-age=1d", "spool-age", "spool=1GiB")]
    [InlineData("http://h?name=a&name=b", "name", "twice")]
    public void What_is_wrong_is_named_with_what_is_accepted(string text, string named, string accepted)
    {
        Assert.False(DestinationUrl.TryParse(text, out _, out var problem));

        Assert.Contains(named, problem);
        Assert.Contains(accepted, problem);
    }

    [Theory]
    [InlineData("http://h?header=Authorization:Bearer%20s3cret")]
    [InlineData("http://h?header=s3cret-without-name:x")]
    [InlineData("http://user:s3cret@h")]
    [InlineData("nonsense?header=Authorization:s3cret")]
    public void A_secret_itself_is_refused_and_not_repeated(string text)
    {
        Assert.False(DestinationUrl.TryParse(text, out _, out var problem));

        Assert.DoesNotContain(": s3cret", problem);
        Assert.DoesNotContain("Bearer", problem);
        Assert.DoesNotContain("user:", problem);
    }

    [Theory]
    [InlineData("http://h?name=.hidden", "'.hidden'")]
    [InlineData("http://h?name=a/b", "'a/b'")]
    [InlineData("http://h?timeout=1ms", "100 ms")]
    [InlineData("http://h?spool=1KiB&spool-folder=x", "1GiB")]
    [InlineData("http://h?header=Authorization:env:GANTRY_TEST_NOT_SET", "GANTRY_TEST_NOT_SET")]
    [InlineData("http://h?header=Authorization:file:/nowhere/at/all", "/nowhere/at/all")]
    [InlineData("http://h?header=Content-Length:env:PATH", "Content-Length")]
    [InlineData("http://h?header=grpc-timeout:env:PATH", "grpc-timeout")]
    public void What_reads_well_and_cannot_be_is_found_before_the_start(string text, string named)
    {
        Assert.True(DestinationUrl.TryParse(text, out var options, out var problem), problem);

        Assert.Contains(named, Assert.Single(new GatewayOptions { Destinations = [options] }.Validate()));
    }

    [Fact]
    public void Two_destinations_need_two_names_and_two_folders()
    {
        var one = new DestinationOptions { Endpoint = new Uri("http://h:1"), Spool = new SpoolOptions { Folder = "/tmp/x", MaxBytes = 1 << 20 } };
        var other = one with { Endpoint = new Uri("http://h:2") };

        Assert.Contains("'h-1'", Assert.Single(DestinationOptions.ValidateAll([one, one with { Spool = null }])));
        Assert.Contains("/tmp/x", Assert.Single(DestinationOptions.ValidateAll([one, other])));
    }
}
