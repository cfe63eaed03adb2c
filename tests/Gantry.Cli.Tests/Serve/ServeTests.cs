using System.Net;
using System.Net.Sockets;

namespace Gantry.Cli.Tests.Serve;

public sealed class ServeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("up", "--hub-port", "the hub")]
    [InlineData("up", "--grpc-port", "OTLP/gRPC")]
    [InlineData("up", "--http-port", "OTLP/HTTP")]
    [InlineData("hub", "--hub-port", "the hub")]
    [InlineData("gateway", "--grpc-port", "OTLP/gRPC")]
    [InlineData("gateway", "--http-port", "OTLP/HTTP")]
    public async Task A_taken_port_is_named_with_its_door_and_its_option(string verb, string option, string door)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await RunAsync(verb, (option, port));

        result.FailedWith(ExitCodes.Error, $"port {port} ({door}) is taken", option);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("hub")]
    public async Task An_unusable_data_folder_is_named_with_the_fix(string verb)
    {
        File.WriteAllText(_folder["data"], "a file, not a folder");

        var result = await RunAsync(verb);

        result.FailedWith(ExitCodes.Error, _folder["data"], "--data DIR");
    }

    [Fact]
    public async Task A_data_folder_that_may_not_be_written_is_named_too()
    {
        var result = await Cli.RunAsync("up", "--data", "/proc/gantry");

        result.FailedWith(ExitCodes.Error, "/proc/gantry", "--data DIR");
    }

    [Fact]
    public async Task A_data_folder_in_use_is_named_with_who_uses_it()
    {
        using var held = Gantry.Cli.Serve.DataFolder.Hold(_folder["data"]);
        held.Sign("http://127.0.0.1:9/");

        var result = await RunAsync("up");

        result.FailedWith(ExitCodes.Error, _folder["data"], "in use", "http://127.0.0.1:9/", "--data DIR");
    }

    [Fact]
    public async Task Another_versions_database_stops_the_start_in_one_line()
    {
        Directory.CreateDirectory(_folder["data"]);
        await File.WriteAllTextAsync(_folder["data/hub.db"], new string('x', 8192));

        var result = await RunAsync("hub");

        result.FailedWith(ExitCodes.Error, _folder["data"], "--data");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>With free ports but the given one, and the data folder "data".</summary>
    private Task<Cli> RunAsync(string verb, (string Option, int Port)? given = null)
    {
        var args = new List<string> { verb };
        string[] options = verb switch { "hub" => ["--hub-port"], "gateway" => ["--grpc-port", "--http-port"], _ => ["--hub-port", "--grpc-port", "--http-port"] };
        foreach (var option in options)
        {
            args.AddRange([option, $"{(given?.Option == option ? given.Value.Port : 0)}"]);
        }

        if (verb != "gateway")
        {
            args.AddRange(["--data", _folder["data"]]);
        }

        return Cli.RunAsync([.. args]);
    }
}
