using Gantry.Protocol.OpAmp;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Gantry.Protocol.Tests.OpAmp;

/// <summary>Connection settings, packages and components.</summary>
internal static partial class OpAmpMirror
{
    private static T? Maybe<TOurs, T>(TOurs? ours, Func<TOurs, T> mirror)
        where TOurs : class
        where T : class => ours is null ? null : mirror(ours);

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);

    private static void Fill<TOurs, TTheirs>(MapField<string, TTheirs> map, List<MapEntry<TOurs>> entries, Func<TOurs, TTheirs> value)
        where TOurs : class, Gantry.Protocol.Wire.IWireMessage, new() => Fill(map, entries, entry => entry.Name, entry => value(entry.Value));

    private static TheirOpAmp.ConnectionSettingsOffers Mirror(ConnectionSettingsOffers ours)
    {
        var theirs = new TheirOpAmp.ConnectionSettingsOffers
        {
            Hash = Bytes(ours.Hash),
            Opamp = Maybe(ours.OpAmp, settings => new TheirOpAmp.OpAMPConnectionSettings
            {
                DestinationEndpoint = settings.Endpoint,
                Headers = Maybe(settings.Headers, Mirror),
                Certificate = Maybe(settings.Certificate, Mirror),
                HeartbeatIntervalSeconds = settings.HeartbeatSeconds,
                Tls = Maybe(settings.Tls, Mirror),
                Proxy = Maybe(settings.Proxy, Mirror),
            }),
            OwnMetrics = Maybe(ours.OwnMetrics, Mirror),
            OwnTraces = Maybe(ours.OwnTraces, Mirror),
            OwnLogs = Maybe(ours.OwnLogs, Mirror),
        };
        Fill(theirs.OtherConnections, ours.Others, Mirror);
        return theirs;
    }

    private static TheirOpAmp.TelemetryConnectionSettings Mirror(TelemetryConnectionSettings ours) => new()
    {
        DestinationEndpoint = ours.Endpoint,
        Headers = Maybe(ours.Headers, Mirror),
        Certificate = Maybe(ours.Certificate, Mirror),
        Tls = Maybe(ours.Tls, Mirror),
        Proxy = Maybe(ours.Proxy, Mirror),
    };

    private static TheirOpAmp.OtherConnectionSettings Mirror(OtherConnectionSettings ours)
    {
        var theirs = new TheirOpAmp.OtherConnectionSettings
        {
            DestinationEndpoint = ours.Endpoint,
            Headers = Maybe(ours.Headers, Mirror),
            Certificate = Maybe(ours.Certificate, Mirror),
            Tls = Maybe(ours.Tls, Mirror),
            Proxy = Maybe(ours.Proxy, Mirror),
        };
        Fill(theirs.OtherSettings, ours.Settings, entry => entry.Name, entry => entry.Value);
        return theirs;
    }

    private static TheirOpAmp.Headers Mirror(Headers ours)
    {
        var theirs = new TheirOpAmp.Headers();
        theirs.Headers_.AddRange(ours.Items.Select(item => new TheirOpAmp.Header { Key = item.Name, Value = item.Value }));
        return theirs;
    }

    private static TheirOpAmp.TLSCertificate Mirror(TlsCertificate ours) =>
        new() { Cert = Bytes(ours.Certificate), PrivateKey = Bytes(ours.PrivateKey), CaCert = Bytes(ours.CaCertificate) };

    private static TheirOpAmp.TLSConnectionSettings Mirror(TlsConnectionSettings ours)
    {
        var theirs = new TheirOpAmp.TLSConnectionSettings
        {
            CaPemContents = ours.CaPem,
            IncludeSystemCaCertsPool = ours.IncludeSystemPool,
            InsecureSkipVerify = ours.InsecureSkipVerify,
            MinVersion = ours.MinVersion,
            MaxVersion = ours.MaxVersion,
        };
        theirs.CipherSuites.AddRange(ours.CipherSuites);
        return theirs;
    }

    private static TheirOpAmp.ProxyConnectionSettings Mirror(ProxyConnectionSettings ours) => new() { Url = ours.Url, ConnectHeaders = Maybe(ours.ConnectHeaders, Mirror) };

    private static TheirOpAmp.ConnectionSettingsStatus Mirror(ConnectionSettingsStatus ours) =>
        new() { LastConnectionSettingsHash = Bytes(ours.LastHash), Status = (int)ours.State, ErrorMessage = ours.ErrorMessage };

    private static TheirOpAmp.ConnectionSettingsRequest Mirror(ConnectionSettingsRequest ours) => new()
    {
        Opamp = Maybe(ours.OpAmp, request => new TheirOpAmp.OpAMPConnectionSettingsRequest
        {
            CertificateRequest = Maybe(request.Certificate, certificate => new TheirOpAmp.CertificateRequest { Csr = Bytes(certificate.Csr) }),
        }),
    };

    private static TheirOpAmp.PackagesAvailable Mirror(PackagesAvailable ours)
    {
        var theirs = new TheirOpAmp.PackagesAvailable { AllPackagesHash = Bytes(ours.AllHash) };
        Fill(theirs.Packages, ours.Packages, package => new TheirOpAmp.PackageAvailable
        {
            Type = (int)package.Type,
            Version = package.Version,
            File = Maybe(package.File, file => new TheirOpAmp.DownloadableFile
            {
                DownloadUrl = file.Url,
                ContentHash = Bytes(file.ContentHash),
                Signature = Bytes(file.Signature),
                Headers = Maybe(file.Headers, Mirror),
            }),
            Hash = Bytes(package.Hash),
        });
        return theirs;
    }

    private static TheirOpAmp.PackageStatuses Mirror(PackageStatuses ours)
    {
        var theirs = new TheirOpAmp.PackageStatuses { ServerProvidedAllPackagesHash = Bytes(ours.OfferedHash), ErrorMessage = ours.ErrorMessage };
        Fill(theirs.Packages, ours.Packages, status => new TheirOpAmp.PackageStatus
        {
            Name = status.Name,
            AgentHasVersion = status.HasVersion,
            AgentHasHash = Bytes(status.HasHash),
            ServerOfferedVersion = status.OfferedVersion,
            ServerOfferedHash = Bytes(status.OfferedHash),
            Status = (int)status.State,
            ErrorMessage = status.ErrorMessage,
            DownloadDetails = Maybe(status.Download, download => new TheirOpAmp.PackageDownloadDetails
            {
                DownloadPercent = download.Percent,
                DownloadBytesPerSecond = download.BytesPerSecond,
            }),
        });
        return theirs;
    }

    private static TheirOpAmp.AvailableComponents Mirror(AvailableComponents ours)
    {
        var theirs = new TheirOpAmp.AvailableComponents { Hash = Bytes(ours.Hash) };
        Fill(theirs.Components, ours.Components, Mirror);
        return theirs;
    }

    private static TheirOpAmp.ComponentDetails Mirror(ComponentDetails ours)
    {
        var theirs = new TheirOpAmp.ComponentDetails();
        theirs.Metadata.AddRange(ours.Metadata.Select(Mirror));
        Fill(theirs.SubComponentMap, ours.Parts, Mirror);
        return theirs;
    }

    private static void Complete(TheirOpAmp.ComponentHealth? health)
    {
        foreach (var pair in health?.Attributes ?? [])
        {
            Complete(pair);
        }

        foreach (var part in health?.ComponentHealthMap.Values ?? [])
        {
            Complete(part);
        }
    }

    private static void Complete(IEnumerable<TheirOpAmp.ComponentDetails> components)
    {
        foreach (var component in components)
        {
            foreach (var pair in component.Metadata)
            {
                Complete(pair);
            }

            Complete(component.SubComponentMap.Values);
        }
    }
}
