using Google.Protobuf;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>
/// The <c>remotecfg</c> client of a version of Grafana Alloy, request for request: what it sends when, in which encoding, with which fields, and what it makes of
/// the answers. Loading is a function, so that a test says which contents are bad.
/// </summary>
internal sealed class AlloyClient
{
    private readonly ConnectClient _connect;
    private readonly int _minor;
    private TheirFleet.RemoteConfigStatus? _unsent;
    private string? _unsentEffective;
    private string _received = "";
    private string _told = "";

    /// <param name="version">"1.12.0".</param>
    public AlloyClient(HttpClient http, string version, string id = "host-1", string prefix = "", string authorization = "")
    {
        Version = version;
        Id = id;
        _minor = int.Parse(version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        _connect = new ConnectClient(http) { Prefix = prefix, Authorization = authorization, UserAgent = _minor >= 10 ? $"Alloy/v{version} (linux; binary)" : "connect-go/1.18.1 (go1.25.0)" };
    }

    public string Version { get; }

    public string Id { get; }

    public Dictionary<string, string> Attributes { get; } = new() { ["env"] = "prod" };

    /// <summary>Null: the content loads; else its diagnostics.</summary>
    public Func<string, string?> Load { get; set; } = static _ => null;

    /// <summary>What the remote part runs: "" before anything was loaded.</summary>
    public string Running { get; private set; } = "";

    public string Hash { get; private set; } = "";

    public TheirFleet.RemoteConfigStatuses Status { get; private set; }

    /// <summary>Every request in order: "Register", "GetConfig".</summary>
    public List<string> Calls { get; } = [];

    public TheirFleet.GetConfigResponse? LastResponse { get; private set; }

    private bool TellsStatus => _minor >= 12;

    /// <summary>From its process start to its first poll. Fails as Alloy exits: when a registration fails.</summary>
    public async Task StartAsync()
    {
        (Running, Hash, Status, _unsent, _unsentEffective, _received, _told) = ("", "", TheirFleet.RemoteConfigStatuses.Unset, null, null, "", "");
        await RegisterAsync();
        await PollAsync();
        await RegisterAsync();
    }

    public async Task RegisterAsync()
    {
        Calls.Add("Register");
        var request = new TheirFleet.RegisterCollectorRequest { Id = Id, Name = "" };
        AddAttributes(request.Attributes, request.LocalAttributes);
        (await _connect.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", request)).Ok.ToString();
    }

    /// <summary>One tick: asks, loads what is new, and tells at once what became of it.</summary>
    public async Task PollAsync()
    {
        var before = (_unsent, _unsentEffective);
        var response = await GetConfigAsync();
        Take(response);
        if (TellsStatus && (_unsent, _unsentEffective) != (null, null) && (_unsent, _unsentEffective) != before)
        {
            // The answer to this one is not looked at.
            await GetConfigAsync();
        }
    }

    /// <summary>A tick while nobody answers: what it will tell when somebody does.</summary>
    public void PollInVain() => Tell(TheirFleet.RemoteConfigStatuses.Failed, "unavailable: dial tcp 127.0.0.1:4320: connect: connection refused");

    public async Task StopAsync()
    {
        if (_minor >= 13)
        {
            Calls.Add("Unregister");
            (await _connect.PostAsync<TheirFleet.UnregisterCollectorResponse>($"{ConnectClient.Collectors}/UnregisterCollector", new TheirFleet.UnregisterCollectorRequest { Id = Id })).Ok.ToString();
        }
    }

    private async Task<TheirFleet.GetConfigResponse> GetConfigAsync()
    {
        Calls.Add("GetConfig");
        var request = new TheirFleet.GetConfigRequest { Id = Id, Hash = Hash, RemoteConfigStatus = _unsent };
        AddAttributes(request.Attributes, request.LocalAttributes);
        if (_unsentEffective is { } effective)
        {
            request.EffectiveConfig = new() { ConfigMap = new() { ConfigMap = { [""] = new() { Body = ByteString.CopyFromUtf8(effective), ContentType = "text/plain" } } } };
        }

        const string Method = $"{ConnectClient.Collectors}/GetConfig";
        var answer = _minor is >= 7 and <= 11
            ? await _connect.GetAsync<TheirFleet.GetConfigResponse>(Method, request)
            : await _connect.PostAsync<TheirFleet.GetConfigResponse>(Method, request);
        LastResponse = answer.Ok;
        (_unsent, _unsentEffective) = (null, null);
        return LastResponse;
    }

    private void Take(TheirFleet.GetConfigResponse response)
    {
        if (response.NotModified)
        {
            if (Status == TheirFleet.RemoteConfigStatuses.Failed && _told.StartsWith("unavailable", StringComparison.Ordinal))
            {
                Tell(TheirFleet.RemoteConfigStatuses.Applied, "");
            }

            return;
        }

        Hash = response.Hash.Length > 0 ? response.Hash : Hash;
        if (response.Content.Length > 0 && response.Content == _received)
        {
            // It compares contents as well, and then changes nothing, not even a failure that is long over.
            return;
        }

        _received = response.Content;
        if (Load(response.Content) is { } problem)
        {
            Tell(TheirFleet.RemoteConfigStatuses.Failed, problem);
            return;
        }

        // No content at all is taken for loaded, and stops nothing that runs.
        Running = response.Content.Length > 0 ? response.Content : Running;
        Tell(TheirFleet.RemoteConfigStatuses.Applied, "");
        _unsentEffective = TellsStatus ? response.Content : null;
    }

    private void Tell(TheirFleet.RemoteConfigStatuses status, string message)
    {
        (Status, _told) = (status, message);
        _unsent = TellsStatus ? new TheirFleet.RemoteConfigStatus { Status = status, ErrorMessage = message } : null;
    }

    private void AddAttributes(Google.Protobuf.Collections.MapField<string, string> deprecated, Google.Protobuf.Collections.MapField<string, string> local)
    {
        var target = _minor >= 7 ? local : deprecated;
        target.Add(Attributes);
        target.Add("collector.os", "linux");
        target.Add("collector.version", $"v{Version}");
    }
}
