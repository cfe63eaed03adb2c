using Gantry.Cli.Terminals;
using Gantry.Gateway.Forward;

namespace Gantry.Cli.Serve;

/// <summary>What a serving verb prints when it is ready: each door, and what it is for.</summary>
internal sealed class Doorplate
{
    private readonly List<(string Name, string Address, string Use)> _lines = [];

    public static Doorplate For(Uri? hub, Uri? http, Uri? grpc)
    {
        var plate = new Doorplate();
        if (hub is not null)
        {
            plate.Add("Web", $"{hub}", "hosts, services, what to do next");
            plate.Add("REST", $"{hub}api/v1", "the same as JSON");
            plate.Add("OpAMP", $"{hub}v1/opamp", "for agents and collectors");
        }

        if (http is not null && grpc is not null)
        {
            plate.Add("OTLP/HTTP", Api.Address.Show(http), "send telemetry here: protobuf or JSON");
            plate.Add("OTLP/gRPC", Api.Address.Show(grpc), "or here");
        }

        return plate;
    }

    public void Add(string name, string address, string use) => _lines.Add((name, address, use));

    public void AddForward(IReadOnlyList<DestinationOptions> destinations)
    {
        foreach (var destination in destinations)
        {
            var what = destination.Signals.Count == DestinationOptions.AllSignals.Count ? "all telemetry is passed on to it"
                : $"{string.Join(", ", destination.Signals).ToLowerInvariant()} are passed on to it";
            var how = destination.Spool is { } spool ? $"; what it cannot take waits in {spool.Folder}" : destination.Required ? "" : "; nobody waits for it";
            Add("Forward", Api.Address.Show(destination.Endpoint), what + how);
        }
    }

    public void Print(Terminal terminal, string title)
    {
        var paint = terminal.OutPaint;
        var nameWidth = _lines.Max(line => line.Name.Length);
        var addressWidth = _lines.Max(line => line.Address.Length);
        terminal.Out.WriteLine(title);
        terminal.Out.WriteLine();
        foreach (var (name, address, use) in _lines)
        {
            terminal.Out.WriteLine($"  {name.PadRight(nameWidth)}  {paint.Bold(address.PadRight(addressWidth))}  {paint.Dim(use)}".TrimEnd());
        }

        terminal.Out.WriteLine();
        terminal.Out.Flush();
    }
}
