using System.CommandLine;
using System.Net;
using Gantry.Cli.Verbs;
using Gantry.Gateway;
using Gantry.Gateway.Receive;

namespace Gantry.Cli.Serve;

/// <summary>The options of <c>gantry gateway</c> that say who may send, and how much at once.</summary>
internal sealed class ReceiveFlags
{
    private const int KiB = 1024;
    private const int MiB = 1024 * KiB;

    private static readonly ReceiveOptions Standard = new();

    private readonly Option<IPAddress> _listen = new("--listen")
    {
        Description = "Address to listen on; 0.0.0.0 is all of IPv4, [::] all. Others than loopback need TLS or tokens [default: 127.0.0.1]",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (IPAddress.TryParse(text, out var address))
            {
                return address;
            }

            result.AddError($"--listen '{text}': expected an IP address, such as 0.0.0.0 or ::1");
            return IPAddress.Loopback;
        },
    };

    private readonly Option<string?> _certificate = File("--tls-cert", "PEM file with the certificate to show and its intermediates; with --tls-key, turns TLS on");
    private readonly Option<string?> _key = File("--tls-key", "PEM file with the private key of that certificate, not encrypted");
    private readonly Option<string?> _clientCa = File("--tls-client-ca", "PEM file with authorities; clients then need a certificate of one of them");
    private readonly Option<string?> _tokenFile = File("--token-file", "File with bearer tokens, one a line; clients then need one of them");

    private readonly Option<string?> _tokenVariable = new("--token-env")
    {
        Description = "Environment variable with bearer tokens, separated by white space; accepted beside those of --token-file",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _origins = new("--cors-origin")
    {
        Description = "Let web pages of this origin send, such as https://shop.example or https://*.shop.example. May be given several times",
        HelpName = "ORIGIN",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _headers = new("--cors-header")
    {
        Description = $"A further header that such pages may set, beside {string.Join(", ", Standard.CorsHeaders)}. May be given several times",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<long> _largest = ByteSizeOption.Create(
        "--max-request-bytes", "Largest request, as sent and as inflated", new GatewayOptions().MaxRequestBytes, KiB, 512 * MiB);

    private readonly Option<long> _inFlight = ByteSizeOption.Create(
        "--max-in-flight", "Bytes of requests held at once; beyond it clients wait, then are told to come again", Standard.MaxInFlightBytes, MiB, 64L * 1024 * MiB);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _listen, _certificate, _key, _clientCa, _tokenFile, _tokenVariable, _origins, _headers, _inFlight, _largest })
        {
            command.Add(option);
        }
    }

    public IPAddress Listen(ParseResult parsed) => parsed.GetRequiredValue(_listen);

    public GatewayOptions Read(ParseResult parsed) => new()
    {
        MaxRequestBytes = (int)parsed.GetValue(_largest),
        Receive = new ReceiveOptions
        {
            CertificateFile = parsed.GetValue(_certificate),
            KeyFile = parsed.GetValue(_key),
            ClientCaFile = parsed.GetValue(_clientCa),
            TokenFile = parsed.GetValue(_tokenFile),
            TokenVariable = parsed.GetValue(_tokenVariable),
            CorsOrigins = parsed.GetRequiredValue(_origins),
            CorsHeaders = [.. Standard.CorsHeaders, .. parsed.GetRequiredValue(_headers)],
            MaxInFlightBytes = parsed.GetValue(_inFlight),
        },
    };

    /// <summary>Who may come in, for the doorplate; null when all of this machine may.</summary>
    public static string? Guards(ReceiveOptions options)
    {
        List<string> guards = [];
        if (options.ClientCaFile is not null)
        {
            guards.Add("a client certificate");
        }

        if (options.TokenFile is not null || options.TokenVariable is not null)
        {
            guards.Add("a bearer token");
        }

        return guards.Count > 0 ? $"clients need {string.Join(" and ", guards)}" : null;
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
